/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of iproute2 that a step amounts to: for people to read, and good for a shell too. */
#pragma once

#include <stdio.h>

#include "plan/plan.h"

/* One line, with newline; the reason before it as a comment, if there is one. */
void ip_step(const struct step *step, FILE *out);
