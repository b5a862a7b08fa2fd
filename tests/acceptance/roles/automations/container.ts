/** Starts the container of a script that expects one, with nothing in it. */
export function container(name: string): string {
  const run = `docker run -d --network host --name ${name} -v /run/libvirt:/run/libvirt IMAGE`;
  return `${run} && for _ in $(seq 60); do docker exec ${name} vbmc status && break; sleep 1; done\n`;
}
