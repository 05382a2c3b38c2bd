/* Adds 2 ms to every fsync and fdatasync of the program it is preloaded into, as a slower disk does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

#define DELAY_MICROSECONDS 2000

int fsync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  usleep(DELAY_MICROSECONDS);
  return real(file);
}

int fdatasync(int file) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  usleep(DELAY_MICROSECONDS);
  return real(file);
}
