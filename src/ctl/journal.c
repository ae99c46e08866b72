/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the journal. Its fields may hold anything: of a service that is not ours nothing is taken. */
#include "ctl/journal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "base/macro.h"

/* TUNNEL=NAME, and of our unit, or of a daemon that root has started by hand. */
static int add_matches(sd_journal *journal, const char *tunnel)
{
    _cleanup_free_ char *match = NULL;
    int r;

    if (asprintf(&match, "TUNNEL=%s", tunnel) < 0) {
        match = NULL;
        return -1;
    }
    r = sd_journal_add_match(journal, match, 0);
    if (r >= 0)
        r = sd_journal_add_conjunction(journal);
    if (r >= 0)
        r = sd_journal_add_match(journal, "_SYSTEMD_UNIT=tunneld.service", 0);
    if (r >= 0)
        r = sd_journal_add_disjunction(journal);
    if (r >= 0)
        r = sd_journal_add_match(journal, "SYSLOG_IDENTIFIER=tunneld", 0);
    return r < 0 ? r : sd_journal_add_match(journal, "_UID=0", 0);
}

/* The message without "MESSAGE=" and the tunnel's name. NULL: there is none. */
static char *take_text(sd_journal *journal, const char *tunnel)
{
    size_t size, name_size = strlen(tunnel);
    const void *data;
    const char *text;

    if (sd_journal_get_data(journal, "MESSAGE", &data, &size) < 0 || size < strlen("MESSAGE="))
        return NULL;
    text = (const char *)data + strlen("MESSAGE=");
    size -= strlen("MESSAGE=");
    if (size > name_size + 2 && !strncmp(text, tunnel, name_size) && !strncmp(text + name_size, ": ", 2)) {
        text += name_size + 2;
        size -= name_size + 2;
    }
    return strndup(text, size);
}

size_t journal_take(const char *root, const char *tunnel, struct journal_entry ret[JOURNAL_ENTRIES])
{
    sd_journal *journal = NULL;
    size_t n = 0;
    int r = *root ? -1 : sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);

    if (r >= 0)
        r = add_matches(journal, tunnel);
    if (r >= 0)
        r = sd_journal_seek_tail(journal);
    while (r >= 0 && n < JOURNAL_ENTRIES && (r = sd_journal_previous(journal)) > 0) {
        struct journal_entry entry = { .text = take_text(journal, tunnel) };

        if (!entry.text)
            continue;
        (void)sd_journal_get_realtime_usec(journal, &entry.time);
        memmove(ret + 1, ret, n * sizeof(*ret));
        ret[0] = entry;
        n++;
    }
    sd_journal_close(journal);
    return n;
}

void journal_done(struct journal_entry *entries, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(entries[i].text);
}
