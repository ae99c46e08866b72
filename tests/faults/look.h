/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's state as text, as libnl-route reads it: a reader that has nothing in common with tunneld's own. */
#pragma once

/* Sorted lines, each beginning with what it is and the link it is on:
 *   link NAME KIND group GROUP alias ALIAS up|down mtu MTU ...
 *   address NAME ADDRESS[ peer PEER]
 *   route DEVICE table TABLE DESTINATION via GATEWAY metric METRIC proto PROTOCOL
 *   rule - FAMILY PRIORITY from to iif oif mark table
 *   neighbour NAME ADDRESS LLADDR
 * Left out: what the kernel makes by itself. The caller frees it. Ends the program if it cannot. */
char *look(void);

/* The index of a link when that was called; 0: it was not there. Without asking the kernel, which then looks for a module. */
unsigned look_index(const char *name);

/* The lines of text in order; text is freed. */
char *look_sort(char *text);

/* Prints the lines that only one of them has. */
void look_diff(const char *have, const char *want);
