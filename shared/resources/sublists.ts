import * as z from 'zod';
import { publicId } from '../core/record-id.ts';
import { from, required, wireOf } from './wire-shape.ts';
import { flag, freeForm, identifier, price, quantity, text } from './wire-values.ts';

const id = from(['id'], identifier.transform(publicId));

const barcode = wireOf({
  id,
  ean: from(['ean', 'barcode', 'code'], text),
  is_primary: from(['is_primary'], flag),
  notes: from(['notes'], text),
});

/** A product's barcodes: objects as upstream sends them, or the codes alone; one without a code is
 *  left out. What nobody knows of one is `unknown`. */
export const barcodes = z
  .array(
    z
      .preprocess((sent) => (typeof sent === 'object' ? sent : { ean: sent }), barcode)
      .transform(({ id: barcodeId, ean, is_primary, notes, unknown }) => ({
        id: barcodeId,
        ean: ean ?? '',
        is_primary: is_primary ?? false,
        notes,
        unknown,
      })),
  )
  .transform((list) => list.filter(({ ean }) => ean !== ''));

const deliveryMethod = wireOf({
  id,
  name: required(['name', 'title'], text),
  slug: from(['slug'], text),
  description: from(['description'], text),
  base_price: from(['base_price'], price),
  effective_price: from(['effective_price'], price),
  override_price: from(['override_price'], price),
  order: from(['order'], quantity),
  site_configuration: from(['site_configuration'], freeForm),
});

/** A product's delivery methods, in their own order. */
export const deliveryMethods = z
  .array(deliveryMethod)
  .transform((methods) => methods.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0)));

export type Barcode = Omit<z.output<typeof barcodes>[number], 'unknown'>;
export type DeliveryMethod = Omit<z.output<typeof deliveryMethods>[number], 'unknown'>;
