/** The lowest level of the demo shop: which names, sizes and prices its products get. */
export interface Shelf {
  readonly name: string;
  /** Selling price, cents: of one piece, or of one kilogram or gram when sold by weight. */
  readonly priceCents: readonly [least: number, most: number];
  readonly goods: readonly string[];
  readonly kinds: readonly string[];
  readonly sizes: readonly string[];
  /** Sold by weight in this unit; by the piece without it. */
  readonly soldBy?: 'kg' | 'g';
}

interface Aisle {
  readonly name: string;
  readonly shelves: readonly Shelf[];
}

export interface Department {
  readonly name: string;
  readonly type: string;
  readonly brands: readonly string[];
  readonly aisles: readonly Aisle[];
}

const split = (names: string): readonly string[] => names.split('|');

/** Names are separated by `|`; an empty one stands for none. */
function shelf(
  name: string,
  priceCents: readonly [number, number],
  goods: string,
  kinds: string,
  sizes: string,
  soldBy?: 'kg' | 'g',
): Shelf {
  const shared = {
    name,
    priceCents,
    goods: split(goods),
    kinds: split(kinds),
    sizes: split(sizes),
  };
  return soldBy === undefined ? shared : { ...shared, soldBy };
}

/** Every department, aisle and shelf of the demo shop; brands are made up. */
export const departments: readonly Department[] = [
  {
    name: 'Épicerie salée',
    type: 'epicerie',
    brands: split("Moulin Lagarde|Terre d'Ici|Casa Montelupo|Le Bon Panier"),
    aisles: [
      {
        name: 'Pâtes, riz et céréales',
        shelves: [
          shelf(
            'Pâtes',
            [95, 420],
            'Spaghetti|Penne rigate|Coquillettes|Fusilli|Tagliatelles',
            '|complètes|bio',
            '500 g|1 kg',
          ),
          shelf(
            'Riz et céréales',
            [145, 690],
            'Riz basmati|Riz rond|Quinoa|Boulgour|Semoule moyenne',
            '|bio|cuisson rapide',
            '400 g|500 g|1 kg',
          ),
        ],
      },
      {
        name: 'Conserves et bocaux',
        shelves: [
          shelf(
            'Légumes en conserve',
            [89, 390],
            'Haricots verts|Petits pois|Maïs doux|Pois chiches|Tomates pelées',
            '|bio|sans sel ajouté',
            '400 g|800 g',
          ),
          shelf(
            'Poissons en conserve',
            [159, 790],
            "Thon à l'huile d'olive|Sardines au citron|Maquereaux à la moutarde|Filets d'anchois|Miettes de thon",
            '|label rouge|recette bretonne',
            '120 g|160 g|3 x 120 g',
          ),
        ],
      },
      {
        name: 'Huiles, sauces et condiments',
        shelves: [
          shelf(
            'Huiles et vinaigres',
            [239, 1690],
            "Huile d'olive|Huile de tournesol|Huile de colza|Vinaigre balsamique|Vinaigre de cidre",
            '|bio|première pression à froid',
            '50 cl|75 cl|1 L',
          ),
          shelf(
            'Sauces et condiments',
            [119, 590],
            'Moutarde de Dijon|Mayonnaise|Ketchup|Sauce tomate au basilic|Pesto alla genovese|Cornichons',
            "|à l'ancienne|bio",
            '190 g|350 g|500 g',
          ),
          shelf(
            'Épices en vrac',
            [2, 14],
            'Curry|Paprika|Cumin|Curcuma|Poivre noir|Cannelle',
            'en poudre|qualité extra',
            'de Madagascar|du Maroc|des Comores|de Turquie',
            'g',
          ),
        ],
      },
    ],
  },
  {
    name: 'Épicerie sucrée',
    type: 'epicerie',
    brands: split("Maison Ferrand|Les Trois Ruches|Douceurs d'Autan|Le Bon Panier"),
    aisles: [
      {
        name: 'Petit déjeuner',
        shelves: [
          shelf(
            'Confitures et miels',
            [219, 890],
            "Confiture de fraises|Confiture d'abricots|Gelée de mûres|Miel de lavande|Miel de forêt",
            '|bio|de nos régions',
            '250 g|370 g|500 g',
          ),
          shelf(
            'Cafés et thés',
            [199, 1290],
            'Café moulu|Café en grains|Thé vert à la menthe|Thé noir Earl Grey|Infusion verveine',
            '|bio|équitable',
            '100 g|250 g|500 g',
          ),
        ],
      },
      {
        name: 'Biscuits et chocolats',
        shelves: [
          shelf(
            'Biscuits',
            [109, 490],
            'Galettes au beurre|Madeleines|Sablés noix de coco|Cookies aux pépites|Petits-beurre',
            '|pur beurre|sans gluten',
            '125 g|200 g|350 g',
          ),
          shelf(
            'Chocolats',
            [149, 690],
            'Chocolat noir 70 %|Chocolat au lait|Chocolat blanc|Chocolat noir orange|Rochers praliné',
            '|bio|dégustation',
            '100 g|200 g',
          ),
          shelf(
            'Fruits secs en vrac',
            [690, 2890],
            'Amandes|Noix de cajou|Raisins secs|Abricots secs|Dattes Medjool|Noisettes',
            'qualité extra|bio',
            "d'Espagne|de Turquie|de Tunisie|de Provence",
            'kg',
          ),
        ],
      },
      {
        name: 'Farines, sucres et aides à la pâtisserie',
        shelves: [
          shelf(
            'Farines',
            [89, 390],
            'Farine de blé T55|Farine complète T110|Farine de sarrasin|Farine de maïs|Fécule de pomme de terre',
            '|bio|tamisée',
            '500 g|1 kg',
          ),
          shelf(
            'Sucres et levures',
            [79, 450],
            'Sucre en poudre|Sucre de canne roux|Sucre glace|Levure chimique|Sucre vanillé',
            '|bio|équitable',
            'sachet|500 g|1 kg',
          ),
        ],
      },
    ],
  },
  {
    name: 'Fruits et légumes',
    type: 'fruits_legumes',
    brands: split('Vergers du Lac|Les Jardins de Mirabel|Primeurs Salama'),
    aisles: [
      {
        name: 'Fruits',
        shelves: [
          shelf(
            'Fruits au poids',
            [149, 890],
            'Bananes|Pommes Gala|Oranges à jus|Mangues|Raisin blanc|Poires Conférence',
            'catégorie 1|bio',
            'France|Espagne|Maroc|Comores',
            'kg',
          ),
          shelf(
            'Fruits en barquette',
            [229, 690],
            'Fraises|Framboises|Myrtilles|Kiwis|Clémentines',
            '|bio|extra',
            '125 g|250 g|500 g',
          ),
        ],
      },
      {
        name: 'Légumes',
        shelves: [
          shelf(
            'Légumes au poids',
            [119, 590],
            'Tomates grappe|Courgettes|Carottes|Aubergines|Pommes de terre Charlotte|Oignons jaunes',
            'catégorie 1|bio',
            'France|Espagne|Belgique|Maroc',
            'kg',
          ),
          shelf(
            'Salades et herbes',
            [99, 350],
            'Mâche|Roquette|Laitue iceberg|Persil plat|Coriandre|Menthe fraîche',
            '|bio|prête à servir',
            'sachet 80 g|sachet 125 g|sachet 200 g',
          ),
        ],
      },
    ],
  },
  {
    name: 'Boucherie et poissonnerie',
    type: 'frais',
    brands: split('Ferme des Hauts|Atelier Bresson|La Criée du Ponant'),
    aisles: [
      {
        name: 'Viandes et volailles',
        shelves: [
          shelf(
            'Viandes à la coupe',
            [990, 3490],
            "Bavette d'aloyau|Épaule d'agneau|Rôti de veau|Steak haché|Merguez|Filet de dinde",
            'halal|label rouge',
            'France|Irlande|Nouvelle-Zélande',
            'kg',
          ),
          shelf(
            'Volailles préemballées',
            [390, 1590],
            'Poulet fermier|Cuisses de poulet|Blancs de poulet|Escalopes de dinde|Pintade',
            '|label rouge|bio',
            '400 g|800 g|1,2 kg',
          ),
        ],
      },
      {
        name: 'Poissons et fruits de mer',
        shelves: [
          shelf(
            'Poissons surgelés',
            [490, 1890],
            'Dos de cabillaud|Pavés de saumon|Filets de merlu|Crevettes décortiquées|Anneaux de calmar',
            '|MSC|nature',
            '300 g|450 g|1 kg',
          ),
          shelf(
            'Poissons fumés',
            [450, 1990],
            'Saumon fumé|Truite fumée|Haddock|Harengs doux|Thon fumé',
            '|bio|qualité supérieure',
            '2 tranches|4 tranches',
          ),
        ],
      },
    ],
  },
  {
    name: 'Crèmerie',
    type: 'frais',
    brands: split("La Laitière d'Aubrac|Val Fleuri|Alpage & Fils|Le Bon Panier"),
    aisles: [
      {
        name: 'Laits, beurres et œufs',
        shelves: [
          shelf(
            'Laits et crèmes',
            [89, 390],
            'Lait demi-écrémé|Lait entier|Crème fraîche épaisse|Crème liquide|Lait fermenté',
            '|bio|sans lactose',
            '20 cl|50 cl|1 L',
          ),
          shelf(
            'Beurres',
            [189, 590],
            'Beurre doux|Beurre demi-sel|Beurre de baratte|Beurre cru|Margarine végétale',
            '|bio|de nos régions',
            '125 g|250 g|500 g',
          ),
          shelf(
            'Œufs',
            [169, 690],
            'Œufs plein air|Œufs de ferme|Œufs de poules élevées au sol|Œufs de caille',
            '|bio|gros calibre',
            'x6|x12|x20',
          ),
        ],
      },
      {
        name: 'Fromages et yaourts',
        shelves: [
          shelf(
            'Fromages à la coupe',
            [1190, 3290],
            'Comté|Cantal|Brie de Meaux|Tomme de brebis|Beaufort|Emmental',
            "6 mois d'affinage|12 mois d'affinage|sélection",
            'AOP|au lait cru',
            'kg',
          ),
          shelf(
            'Yaourts',
            [119, 450],
            'Yaourt nature|Yaourt à la vanille|Yaourt aux fruits|Fromage blanc|Skyr',
            '|bio|au lait de brebis',
            'x4|x8|500 g',
          ),
        ],
      },
    ],
  },
  {
    name: 'Boulangerie',
    type: 'boulangerie',
    brands: split('Fournil de la Halle|Moulin Lagarde'),
    aisles: [
      {
        name: 'Pains',
        shelves: [
          shelf(
            'Pains frais',
            [95, 490],
            'Baguette de tradition|Pain de campagne|Pain complet|Pain aux céréales|Boule au levain',
            '|bio|tranché',
            '250 g|400 g|800 g',
          ),
          shelf(
            'Pains de mie et biscottes',
            [129, 390],
            'Pain de mie|Biscottes|Pains suédois|Pains burger|Galettes de riz',
            '|complet|sans sucre ajouté',
            '250 g|500 g',
          ),
        ],
      },
      {
        name: 'Viennoiseries',
        shelves: [
          shelf(
            'Viennoiseries fraîches',
            [110, 590],
            'Croissants|Pains au chocolat|Brioche tressée|Chaussons aux pommes|Pains aux raisins',
            '|pur beurre|à réchauffer',
            'x2|x4|x8',
          ),
          shelf(
            'Gâteaux',
            [290, 1890],
            "Tarte aux pommes|Quatre-quarts|Cake aux fruits|Moelleux au chocolat|Pain d'épices",
            '|recette artisanale|sans gluten',
            '300 g|500 g|6 parts',
          ),
        ],
      },
    ],
  },
  {
    name: 'Boissons',
    type: 'boissons',
    brands: split('Source des Volcans|Vergers du Lac|Pétillance|Le Bon Panier'),
    aisles: [
      {
        name: 'Eaux et sirops',
        shelves: [
          shelf(
            'Eaux',
            [45, 490],
            'Eau minérale|Eau de source|Eau gazeuse|Eau aromatisée citron|Eau aromatisée pêche',
            '|faiblement minéralisée|fines bulles',
            '50 cl|1,5 L|6 x 1,5 L',
          ),
          shelf(
            'Sirops',
            [219, 590],
            'Sirop de grenadine|Sirop de menthe|Sirop de citron|Sirop de pêche|Sirop de fleur de sureau',
            '|bio|sans sucre',
            '70 cl|1 L',
          ),
        ],
      },
      {
        name: 'Jus et sodas',
        shelves: [
          shelf(
            'Jus de fruits',
            [149, 490],
            "Jus d'orange|Jus de pomme|Nectar de mangue|Jus multifruits|Jus d'ananas",
            '|pur jus|bio',
            '25 cl|1 L|4 x 1 L',
          ),
          shelf(
            'Sodas et thés glacés',
            [99, 690],
            'Limonade|Cola|Thé glacé pêche|Tonic|Ginger ale',
            '|zéro sucre|recette artisanale',
            '33 cl|1,5 L|6 x 33 cl',
          ),
        ],
      },
    ],
  },
  {
    name: 'Hygiène et beauté',
    type: 'hygiene',
    brands: split('Savonnerie Callas|Lys & Coton|Dermalia|Pure Saison'),
    aisles: [
      {
        name: 'Soins du corps',
        shelves: [
          shelf(
            'Savons et gels douche',
            [149, 790],
            'Savon de Marseille|Gel douche amande|Gel douche verveine|Savon noir|Crème lavante',
            '|bio|peaux sensibles',
            '100 g|250 ml|500 ml',
          ),
          shelf(
            'Soins du visage',
            [390, 2490],
            'Crème hydratante|Eau micellaire|Gommage doux|Baume à lèvres|Masque argile',
            '|bio|peaux sèches',
            '15 ml|50 ml|200 ml',
          ),
        ],
      },
      {
        name: 'Cheveux et bouche',
        shelves: [
          shelf(
            'Shampoings',
            [249, 1190],
            'Shampoing doux|Après-shampoing|Masque karité|Crème coiffante|Huile capillaire',
            '|cheveux secs|cheveux bouclés',
            '75 ml|250 ml|400 ml',
          ),
          shelf(
            'Hygiène bucco-dentaire',
            [119, 890],
            'Dentifrice menthe|Dentifrice blancheur|Brosse à dents|Bain de bouche|Fil dentaire',
            '|gencives sensibles|enfant',
            "à l'unité|duo|trio",
          ),
        ],
      },
      {
        name: 'Papiers et coton',
        shelves: [
          shelf(
            'Papier toilette et mouchoirs',
            [189, 1290],
            'Papier toilette|Mouchoirs en étui|Mouchoirs en boîte|Essuie-tout|Lingettes',
            '|double épaisseur|recyclé',
            'x4|x6|x12',
          ),
          shelf(
            'Coton',
            [99, 590],
            'Cotons à démaquiller|Bâtonnets|Carrés de coton|Coton hydrophile|Serviettes hygiéniques',
            '|bio|format voyage',
            'x20|x80|x200',
          ),
        ],
      },
    ],
  },
  {
    name: 'Maison et entretien',
    type: 'maison',
    brands: split('Logis Clair|Atelier du Foyer|Brindille|Net & Vert'),
    aisles: [
      {
        name: 'Entretien',
        shelves: [
          shelf(
            'Lessives',
            [390, 1990],
            'Lessive liquide|Lessive en poudre|Capsules de lessive|Assouplissant|Détachant',
            '|peaux sensibles|fraîcheur marine',
            '20 lavages|40 lavages|60 lavages',
          ),
          shelf(
            'Produits ménagers',
            [129, 790],
            'Nettoyant multi-usages|Liquide vaisselle|Vinaigre ménager|Bicarbonate|Gel WC',
            '|citron|écologique',
            '500 ml|1 L|recharge 2 L',
          ),
        ],
      },
      {
        name: 'Cuisine et table',
        shelves: [
          shelf(
            'Cuisson',
            [890, 8990],
            'Poêle|Casserole|Faitout|Sauteuse|Plat à four',
            'en inox|en aluminium|en fonte',
            '20 cm|24 cm|28 cm',
          ),
          shelf(
            'Arts de la table',
            [190, 4990],
            'Assiette plate|Bol|Mug|Verre à eau|Saladier',
            'en grès|en porcelaine|motif Azur',
            "à l'unité|par 4|par 6",
          ),
        ],
      },
      {
        name: 'Linge et rangement',
        shelves: [
          shelf(
            'Linge de maison',
            [590, 6990],
            'Drap housse|Housse de couette|Serviette de bain|Torchon|Nappe',
            'en coton|en lin lavé|en percale',
            'petit format|moyen format|grand format',
          ),
          shelf(
            'Rangement',
            [290, 4590],
            'Boîte de rangement|Panier tressé|Étagère murale|Cintres|Housse de vêtements',
            'en bambou|en coton gris|en acier',
            'petit modèle|moyen modèle|grand modèle',
          ),
        ],
      },
    ],
  },
  {
    name: 'Bébé et enfant',
    type: 'bebe',
    brands: split("Tendre Étoile|P'tit Nuage"),
    aisles: [
      {
        name: 'Repas de bébé',
        shelves: [
          shelf(
            'Petits pots',
            [119, 590],
            'Purée carottes|Compote pomme-banane|Riz au lait|Légumes et dinde|Compote poire',
            '|bio|dès 6 mois',
            '2 x 130 g|4 x 100 g|200 g',
          ),
          shelf(
            'Laits infantiles',
            [990, 2690],
            'Lait 1er âge|Lait 2e âge|Lait de croissance|Céréales vanille|Céréales cacao',
            '|bio|sans huile de palme',
            '400 g|800 g',
          ),
        ],
      },
      {
        name: 'Change et toilette',
        shelves: [
          shelf(
            'Couches',
            [590, 2990],
            'Couches taille 2|Couches taille 3|Couches taille 4|Couches taille 5|Culottes taille 6',
            '|écologiques|nuit',
            'x24|x44|x88',
          ),
          shelf(
            'Toilette de bébé',
            [199, 1290],
            'Liniment|Lait de toilette|Eau nettoyante|Gel lavant cheveux et corps|Crème pour le change',
            '|bio|sans parfum',
            '75 ml|250 ml|500 ml',
          ),
        ],
      },
    ],
  },
  {
    name: 'Animalerie',
    type: 'animalerie',
    brands: split('Museau Malin|Quatre Pattes'),
    aisles: [
      {
        name: 'Chiens et chats',
        shelves: [
          shelf(
            'Croquettes',
            [390, 4990],
            'Croquettes chien adulte|Croquettes chiot|Croquettes chat stérilisé|Croquettes chaton|Croquettes chien senior',
            'au poulet|au saumon|sans céréales',
            '1,5 kg|4 kg|12 kg',
          ),
          shelf(
            'Pâtées',
            [89, 1290],
            'Pâtée en sauce|Terrine|Émincés en gelée|Bouchées|Mousse',
            'au bœuf|au thon|à la volaille',
            'sachet 85 g|boîte 400 g|12 x 85 g',
          ),
        ],
      },
      {
        name: 'Petits animaux',
        shelves: [
          shelf(
            'Litières et foin',
            [290, 1890],
            'Litière minérale|Litière végétale|Foin de prairie|Copeaux de bois|Litière de chanvre',
            '|sans poussière|haute absorption',
            '5 L|10 L|20 L',
          ),
          shelf(
            'Graines et accessoires',
            [190, 2490],
            'Mélange pour canaris|Mélange pour lapins|Boules de graisse|Mangeoire|Gamelle',
            '|nature|premier choix',
            'petit format|grand format',
          ),
        ],
      },
    ],
  },
];
