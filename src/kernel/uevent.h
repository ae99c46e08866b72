/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What udev is told of a link. */
#pragma once

/* Has udev look at the link again: the kernel does not tell it when a link changes its group. Where /sys cannot be written
 * there is nobody to be told. */
void uevent_change(const char *link);
