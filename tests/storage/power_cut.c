/* Preloaded into a process that writes a database: tells, in the order in which they happened, what was
   written to the files of one folder, cut from them, and made sure to be on the disk. What was confirmed
   is written to the file "confirmed" there, and so stands in the same order.

   A record: kind (w, t, s), length of the file's name, offset, size; then the name and what was written. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static FILE *told;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The file's name where it lies in the folder, else NULL. */
static const char *watched(int descriptor, char *path) {
  const char *folder = getenv("POWER_CUT_FOLDER");
  char link[64];
  if (!folder) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, PATH_MAX);
  if (length < 0) return NULL;
  path[length] = 0;
  size_t prefix = strlen(folder);
  return !strncmp(path, folder, prefix) && path[prefix] == '/' ? path + prefix + 1 : NULL;
}

static void tell(char kind, const char *name, uint64_t offset, uint64_t size, const void *data) {
  uint64_t head[4] = {(uint64_t)kind, strlen(name), offset, size};
  if (!told) told = fopen(getenv("POWER_CUT_LOG"), "wb");
  fwrite(head, sizeof head, 1, told);
  fwrite(name, strlen(name), 1, told);
  if (data) fwrite(data, size, 1, told);
  fflush(told);
}

#define AROUND(kind, descriptor, offset, size, data, call)            \
  char path[PATH_MAX + 1];                                            \
  const char *name = watched(descriptor, path);                       \
  if (!name) return call;                                             \
  pthread_mutex_lock(&order);                                         \
  __typeof__(call) done = call;                                       \
  if (done >= 0) tell(kind, name, offset, size, data);                \
  pthread_mutex_unlock(&order);                                       \
  return done

ssize_t pwrite64(int d, const void *b, size_t n, off64_t at) {
  AROUND('w', d, at, done, b, REAL(pwrite64)(d, b, n, at));
}
ssize_t pwrite(int d, const void *b, size_t n, off_t at) {
  AROUND('w', d, at, done, b, REAL(pwrite)(d, b, n, at));
}
ssize_t write(int d, const void *b, size_t n) {
  AROUND('w', d, lseek(d, 0, SEEK_CUR) - done, done, b, REAL(write)(d, b, n));
}
int ftruncate64(int d, off64_t n) { AROUND('t', d, 0, n, NULL, REAL(ftruncate64)(d, n)); }
int ftruncate(int d, off_t n) { AROUND('t', d, 0, n, NULL, REAL(ftruncate)(d, n)); }
int fsync(int d) { AROUND('s', d, 0, 0, NULL, REAL(fsync)(d)); }
int fdatasync(int d) { AROUND('s', d, 0, 0, NULL, REAL(fdatasync)(d)); }
