/** The inventory in the form of the Platform Management FRU Information Storage Definition 1.0. Pure. */
import { checksum } from '@vbmc/ipmi-codec';
import { latin1Bytes } from '../../../terms/latin1.ts';
import type { DomainInventory } from '../../../terms/domain-inventory.ts';

const FORMAT_VERSION = 1;
const HEADER_LENGTH = 8;
/** Areas begin at multiples of this, and are as long as one. */
const UNIT = 8;
const ENGLISH = 0;
/** SMBIOS chassis type: what QEMU's machines say. */
const OTHER = 1;
/** Type/length byte: bits 7:6 8-bit ASCII and Latin 1, 5:0 the length. C1h, a text of one byte, means that no field follows. */
const TEXT = 0xc0;
const END_OF_FIELDS = 0xc1;
const MOST_BYTES = 63;

function field(text: string | undefined): readonly number[] {
  const bytes = latin1Bytes(text ?? '').subarray(0, MOST_BYTES);
  const whole = bytes.length === 1 ? [...bytes, 0x20] : [...bytes];
  return [TEXT | whole.length, ...whole];
}

/** Version, length in units, content, padding, checksum. */
function area(content: readonly number[]): Uint8Array {
  const body = [FORMAT_VERSION, 0, ...content, END_OF_FIELDS];
  const bytes = new Uint8Array(Math.ceil((body.length + 1) / UNIT) * UNIT);
  bytes.set(body);
  bytes[1] = bytes.length / UNIT;
  bytes[bytes.length - 1] = checksum(bytes);
  return bytes;
}

/**
 * FRU 0 of a domain. What `dmidecode` does not show is empty; and without a base board in SMBIOS there is no board area. The product's
 * serial number is the UUID where none is set, as every machine should have one.
 */
export function fruImage(inventory: DomainInventory, assetTag: string): Uint8Array {
  const { chassis, baseBoard, system, domainName, title, uuid } = inventory;
  const chassisArea = area([OTHER, ...field(chassis.sku ?? chassis.version), ...field(chassis.serial)]);
  const boardArea =
    baseBoard &&
    area([
      // The date of manufacture, 3 bytes: not specified.
      ...[ENGLISH, 0, 0, 0],
      ...field(baseBoard.manufacturer),
      ...field(baseBoard.product),
      ...field(baseBoard.serial),
      ...field(baseBoard.version),
      ...field(undefined),
    ]);
  const productArea = area([
    ENGLISH,
    ...field(system.manufacturer),
    ...field(system.product),
    ...field(system.sku),
    ...field(system.version),
    ...field(system.serial ?? uuid),
    ...field(assetTag),
    ...field(undefined),
    ...field(`domain ${domainName}`),
    ...(title === undefined ? [] : field(title)),
  ]);
  return withHeader(chassisArea, boardArea, productArea);
}

/** The common header has the offset of each area in units; 0: there is none. Internal use and multiple records do not exist here. */
function withHeader(chassis: Uint8Array, board: Uint8Array | undefined, product: Uint8Array): Uint8Array {
  const boardAt = HEADER_LENGTH + chassis.length;
  const productAt = boardAt + (board?.length ?? 0);
  const image = new Uint8Array(productAt + product.length);
  image.set([
    FORMAT_VERSION,
    0,
    HEADER_LENGTH / UNIT,
    board === undefined ? 0 : boardAt / UNIT,
    productAt / UNIT,
  ]);
  image[HEADER_LENGTH - 1] = checksum(image.subarray(0, HEADER_LENGTH - 1));
  image.set(chassis, HEADER_LENGTH);
  if (board !== undefined) image.set(board, boardAt);
  image.set(product, productAt);
  return image;
}
