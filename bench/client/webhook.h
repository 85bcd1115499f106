/* Webhooks of the WhatsApp platform, as it writes and signs them: text messages of customers to one number. */
#ifndef WEBHOOK_H
#define WEBHOOK_H
#include "request.h"

/*
 * One webhook with `batch` messages of as many customers, each with `planned_ns` in its text. Its ids were never used
 * before, also not by an earlier client.
 */
Request webhook_request(unsigned batch, uint64_t planned_ns);

/* The last one again, byte by byte, as the platform sends it when it has not heard the answer. */
Request webhook_repeat(void);
#endif
