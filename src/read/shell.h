/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The assignments of a shell fragment such as ifcfg files are, read as bash reads them, and never executed:
 * what bash would have to run, or what has a meaning only there, is an error. */
#pragma once

#include "model/problem.h"
#include "read/assignments.h"

/* Appends to ret what the text assigns. Errors go to problems with line and column; reading goes on behind
 * them, so that the caller can tell what kind of file it is, but a file with an error must not be used.
 * -ENOMEM. */
int shell_parse(const char *text, size_t size, const char *file, struct assignments *ret, struct problems *problems);
