/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as tunneld.conf. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "read/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    struct problems problems = { 0 };
    struct settings settings;

    memcpy(text, data, size);
    text[size] = 0;
    if (settings_init(&settings) == 0) {
        settings_parse(&settings, "/etc/tunneld/tunneld.conf", text, &problems);
        settings_done(&settings);
    }
    problems_done(&problems);
    free(text);
    return 0;
}
