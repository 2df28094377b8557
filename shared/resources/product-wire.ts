import type * as z from 'zod';
import { image, images } from './images.ts';
import { barcodes, deliveryMethods } from './sublists.ts';
import { ownWeight } from './weight.ts';
import { from, required, wireOf } from './wire-shape.ts';
import * as values from './wire-values.ts';

const { text, name, flag, decimal, quantity, price, reducedPrice, day } = values;

/** What upstream sends of a product, under all the names that suppliers use. */
export const productWire = wireOf({
  title: required(['name', 'title'], text),
  slug: from(['slug'], text),
  sku: from(['cug', 'sku', 'code'], text),
  description: from(['description', 'description_text'], text),
  price: from(['selling_price', 'price', 'unit_price'], price),
  discount_price: from(['discount_price', 'promotional_price', 'sale_price'], reducedPrice),
  promo_price: from(['promo_price'], reducedPrice),
  has_promotion: from(['has_promotion'], flag),
  discount_percent: from(['discount_percent'], quantity),
  promotion_start_date: from(['promotion_start_date'], day),
  promotion_end_date: from(['promotion_end_date'], day),
  category: from(['category', 'category_id'], values.referenced),
  category_name: from(['category_name'], name),
  brand: from(['brand', 'manufacturer', 'brand_name'], name),
  images: from(['images', 'image_urls', 'gallery'], images),
  image: from(['image_url', 'image', 'main_image', 'photo'], image),
  barcodes: from(['barcodes'], barcodes),
  is_available: from(['is_available_b2c', 'is_available', 'is_active', 'available'], flag),
  is_salam: from(['is_salam', 'made_to_order', 'on_demand'], flag),
  stock: from(['quantity', 'stock', 'available_quantity'], decimal),
  weight: from(['weight'], ownWeight),
  dimensions: from(['dimensions', 'size'], values.freeForm),
  specifications: from(['specifications'], values.freeForm),
  attributes: from(['attributes'], values.freeForm),
  features: from(['features'], values.freeForm),
  sold_by_weight: from(['sold_by_weight'], flag),
  by_weight: from(['by_weight'], flag),
  sale_unit_type: from(['sale_unit_type'], text),
  unit_type: from(['unit_type'], text),
  selling_unit: from(['selling_unit'], text),
  weight_unit: from(['weight_unit'], text),
  unit_display: from(['unit_display'], text),
  delivery_methods: from(['delivery_methods', 'shipping_methods'], deliveryMethods),
  tags: from(['tags'], values.names),
  created_at: from(['created_at'], text),
  updated_at: from(['updated_at'], text),
  stock_updated_at: from(['stock_updated_at'], text),
  generated_ean: from(['generated_ean'], text),
  primary_barcode: from(['primary_barcode'], text),
  is_active: from(['is_active'], flag),
  stock_status: from(['stock_status'], text),
  formatted_quantity: from(['formatted_quantity'], text),
  alert_threshold: from(['alert_threshold'], quantity),
  has_backorder: from(['has_backorder'], flag),
  backorder_quantity: from(['backorder_quantity'], quantity),
  purchase_price: from(['purchase_price'], values.money),
  margin_rate: from(['margin_rate'], quantity),
});

export type ProductWire = z.output<typeof productWire>;
