/*
 * The planned instant of a message travels in its subject, as `bench~0123456789abcdef~`: whoever sees a row knows
 * how long it took, without a table of what was sent.
 */
#ifndef STAMP_H
#define STAMP_H
#include <stddef.h>
#include <stdint.h>

enum { STAMP_LENGTH = 23 };

void stamp_write(char *out, uint64_t ns);

/* Next stamp in [from, end): its instant goes to `ns`, and where it ends is returned; NULL when there is none. */
const char *stamp_find(const char *from, const char *end, uint64_t *ns);

/* The same when the text very likely has its stamp at `offset`; a wrong guess costs nothing but the search. */
const char *stamp_at(const char *text, size_t length, size_t *offset, uint64_t *ns);
#endif
