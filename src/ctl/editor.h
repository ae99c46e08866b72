/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's editor, and the private copy that it works on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A file in a directory of its own, where an editor may leave what it likes. */
struct editor_copy {
    char *directory, *path;
    bool kept; /* it stays when this is done */
};

/* Below $TMPDIR or /tmp; nobody else can read it. Negative errno. */
int editor_copy_make(const char *name, const char *text, size_t size, struct editor_copy *ret);
void editor_copy_done(struct editor_copy *copy);

/* Has $VISUAL, $EDITOR or what else there is work on the file: its exit status, 128 and more for a signal; or negative errno. */
int editor_run(const char *path);
