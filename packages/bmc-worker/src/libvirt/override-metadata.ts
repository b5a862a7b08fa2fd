/** Where libvirt keeps our boot override, and what virsh says when there is none. */

/** The namespace of our element in a domain's `<metadata>`; its last part is the version of the layout. */
export const OVERRIDE_NAMESPACE = 'urn:x-vbmc:boot-override:1';

/** `virsh metadata`: the definition has no such element, or the driver keeps no metadata at all. */
export const noMetadata = /metadata not found|not supported by the connection driver/i;

/** `virsh metadata --config` of a transient domain (libvirt: virDomainObjUpdateModificationImpact). */
export const noInactiveDefinition = /transient domains do not have any persistent config/i;

/** `virsh metadata --live` of a domain that is off. */
export const noLiveDefinition = /domain is not running/i;
