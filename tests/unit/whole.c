/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Linked against one library as a whole: what is tested is that it links. */
#include <stdio.h>

int main(void)
{
    puts("ok - a library that links without those above it");
    return 0;
}
