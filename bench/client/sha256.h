/* HMAC-SHA256 (RFC 2104, FIPS 180-4), as the WhatsApp platform signs its webhooks. */
#ifndef SHA256_H
#define SHA256_H
#include <stddef.h>

enum { SHA256_HEX = 64 };

/* Writes 64 hexadecimal digits, without a NUL. */
void hmac_sha256_hex(const char *key, const char *bytes, size_t length, char *hex);
#endif
