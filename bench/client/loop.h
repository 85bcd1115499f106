/* One thread, one epoll: everything the client waits for is a Watch. */
#ifndef LOOP_H
#define LOOP_H
#include <stdbool.h>
#include <stdint.h>

typedef struct Watch {
  int fd;
  void (*ready)(struct Watch *watch, uint32_t events);
} Watch;

/* Nanoseconds since some fixed instant; never jumps. */
uint64_t now_ns(void);

void loop_start(void);
void loop_add(Watch *watch, uint32_t events);
void loop_change(Watch *watch, uint32_t events);

/* Called by the loop at `at_ns` or soon after; 0 cancels. There is one such alarm. */
void loop_alarm(uint64_t at_ns, void (*ring)(void));

/* Handles what is ready, waiting at most until `deadline_ns`. */
void loop_turn(uint64_t deadline_ns);

/*
 * After an event the loop looks again for a while before it sleeps. A real server does not pay for waking its clients,
 * which are other machines; on loopback it would, with every single write of a broadcast.
 */
void loop_stay_awake(bool yes);

/* Time spent on events so far, without looking for them. */
uint64_t loop_worked_ns(void);

void die(const char *what);
#endif
