/** What other servers may put into one mail: as many pictures, of so many bytes together, so many at a time. */
const IMAGES_MAX = 80;
const ALL_IMAGES_MAX_BYTES = 20_000_000;
const AT_ONCE = 6;
const IMAGE_TYPE = /^image\/(?:png|jpeg|gif|webp|avif|bmp)$/;

export interface RemoteImages {
  /** data: URLs by address. */
  readonly images: ReadonlyMap<string, string>;
  readonly missingCount: number;
  /** Why the first of them is missing, in words; null when none is. */
  readonly why: string | null;
}

/**
 * Fetches the pictures that a mail names elsewhere, by our server and never from here, as data: URLs. Those that
 * cannot be had are left out.
 *
 * @param fetchBytes  of the picture at this address
 */
export async function loadRemoteImages(
  addresses: readonly string[],
  fetchBytes: (address: string) => Promise<Blob>,
): Promise<RemoteImages> {
  const images = new Map<string, string>();
  const waiting = addresses.slice(0, IMAGES_MAX);
  let why: string | null = addresses.length > IMAGES_MAX ? `More than ${IMAGES_MAX} are not loaded.` : null;
  let bytes = 0;
  const lane = async () => {
    for (let address = waiting.shift(); address !== undefined; address = waiting.shift()) {
      try {
        const image = await fetchBytes(address);
        if (!IMAGE_TYPE.test(image.type) || bytes + image.size > ALL_IMAGES_MAX_BYTES) continue;
        bytes += image.size;
        images.set(address, await dataUrl(image));
      } catch (error) {
        why ??= error instanceof Error ? error.message : null;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { images, missingCount: addresses.length - images.size, why };
}

function dataUrl(bytes: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(bytes);
  });
}
