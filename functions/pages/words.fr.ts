/** Everything the pages say in French; `words.en.ts` says the same in English. */
export const FRENCH = {
  shop: 'La boutique',
  categories: 'Rayons',
  allCategories: 'Les {count} rayons',
  newest: 'Nouveaux produits',
  was: 'au lieu de',
  perKg: 'le kg',
  noPrice: 'Prix sur demande',
  promotion: 'Promotion',
  available: 'Disponible',
  updated: 'Catalogue du {at}',
  updatedLate:
    'Catalogue du {at}. Une mise à jour est attendue ; prix et disponibilités ont pu changer.',
  filling: 'Le catalogue arrive : rechargez la page dans un instant.',
  empty: 'Aucun produit n’est disponible pour le moment.',
  down: 'La boutique est momentanément indisponible. Réessayez dans quelques secondes.',
  skip: 'Aller au contenu',

  status: 'État du catalogue',
  syncOf_products: 'Synchroniser les produits',
  syncOf_categories: 'Synchroniser les catégories',
  syncOf_other: 'Synchroniser : {name}',
  name_products: 'Produits',
  name_categories: 'Catégories',
  signOut: 'Se déconnecter',
  signedInAs: 'Connecté : {name}',
  sources: 'Fournisseurs',
  pages: 'Aller à',

  state_never_synced: 'Jamais synchronisé',
  state_fresh: 'À jour',
  state_due: 'À synchroniser',
  state_overdue: 'En retard',
  state_running: 'Synchronisation en cours',
  state_paused: 'En pause',
  state_failing: 'En échec',
  state_held: 'À décider',
  state_no_credential: 'Clé absente ou refusée',

  say_never_synced:
    'Rien n’est encore enregistré. La première synchronisation démarre d’elle-même ; vous pouvez aussi la lancer maintenant.',
  say_fresh: 'Tout va bien. Prochaine synchronisation : {next}.',
  say_fresh_except:
    'Synchronisé, sauf quelques enregistrements. Prochaine synchronisation : {next}.',
  say_due:
    'Une synchronisation est attendue depuis {since}. Elle démarre d’elle-même ; rien à faire.',
  say_overdue:
    'Aucune synchronisation n’a été tentée depuis {attempt} : l’horaire semble arrêté. {kept} Vérifiez que les règles EventBridge sont activées, puis lancez une synchronisation.',
  say_running: 'Une synchronisation est en cours. {kept}',
  say_paused:
    'La synchronisation s’est arrêtée en chemin et reprend d’elle-même d’ici quelques minutes. {kept}',
  say_held:
    'Il manque {count} enregistrement(s) dans la liste du fournisseur depuis {since} : rien n’a été supprimé. Demandez au fournisseur si c’est voulu, puis approuvez ou écartez les suppressions.',
  kept: 'Les dernières données ({last}) restent servies.',
  keptSome: 'Ce qui est arrivé est déjà servi.',
  keptNone: 'Rien n’est encore enregistré.',

  fault_key_refused:
    'Le fournisseur refuse la clé depuis {since}. {kept} Vérifiez la clé auprès du fournisseur et enregistrez-la dans Secrets Manager : l’essai suivant (à la prochaine visite ou au prochain horaire, une fois par minute au plus) la prend sans redéploiement.',
  fault_no_credential:
    'Aucune clé du fournisseur n’est configurée, ou elle est illisible, depuis {since}. {kept} Enregistrez la clé dans Secrets Manager : l’essai suivant la prend sans redéploiement.',
  fault_throttled:
    'Le fournisseur demande de ralentir depuis {since}. {kept} La synchronisation reprend d’elle-même ; rien à faire.',
  fault_not_found:
    'Le fournisseur ne trouve rien à l’adresse configurée, depuis {since}. {kept} Vérifiez l’adresse de base du fournisseur (supplierUrl).',
  fault_untrusted:
    'Le certificat TLS du fournisseur n’est pas valide depuis {since} : rien ne lui est envoyé. {kept} Prévenez le fournisseur ; la synchronisation reprend d’elle-même ensuite.',
  fault_unavailable:
    'Le fournisseur ne répond pas, ou répond par des erreurs, depuis {since}. {kept} De nouveaux essais partent d’eux-mêmes ; si cela dure, prévenez le fournisseur.',
  fault_invalid:
    'Le fournisseur répond autre chose que des enregistrements (une page de maintenance, par exemple) depuis {since}. {kept} De nouveaux essais partent d’eux-mêmes ; si cela dure, prévenez le fournisseur.',
  fault_retry_budget:
    'Le fournisseur échoue si souvent depuis {since} qu’insister le chargerait encore. {kept} La synchronisation reprend d’elle-même ; si cela dure, prévenez le fournisseur.',
  fault_pages_lost:
    'La liste du fournisseur n’a pas pu être lue en entier depuis {since}. Ce qui est arrivé est enregistré, rien n’est supprimé. Un nouvel essai part de lui-même.',
  fault_held:
    'Il manque trop d’enregistrements dans la liste du fournisseur depuis {since} : rien n’a été supprimé. Demandez au fournisseur si c’est voulu.',
  fault_mostly_rejected:
    'La plupart des enregistrements sont illisibles ou invalides depuis {since}. {kept} Regardez les enregistrements en erreur et prévenez le fournisseur.',
  fault_worker_failed:
    'La synchronisation s’est arrêtée sur une erreur inattendue depuis {since}. {kept} Un nouvel essai part de lui-même ; si cela dure, regardez les journaux de scheduled-sync.',
  rejectsSay:
    '{count} enregistrement(s) du fournisseur sont illisibles ou invalides : leur dernière bonne version, s’il y en a une, reste servie. Faites-les corriger chez le fournisseur (les raisons sont dans le détail), puis réessayez.',

  lastSuccess: 'Dernière réussite',
  nextSync: 'Prochaine',
  stored: 'Enregistrés',
  inError: 'En erreur',
  never: 'jamais',
  atOnce: 'dès maintenant',
  progress: 'Avancement de la synchronisation : {name}',
  progressOf: '{done} sur {expected} · {rate} par seconde · encore {left}',
  progressUnknown: '{done} lus · {rate} par seconde',
  unknownLeft: 'un moment',

  details: 'Détail : {name}',
  runs: 'Dernières synchronisations',
  noRuns: 'Aucune synchronisation terminée.',
  runStart: 'Début',
  runTrigger: 'Lancée par',
  runOutcome: 'Résultat',
  runDuration: 'Durée (s)',
  runCreated: 'Créés',
  runUpdated: 'Modifiés',
  runRemoved: 'Supprimés',
  runErrors: 'Erreurs',
  runNote: 'Remarque',
  outcome_completed: 'Réussie',
  outcome_incomplete: 'Incomplète',
  outcome_held: 'À décider',
  outcome_failed: 'Échouée',
  trigger_schedule: 'l’horaire',
  trigger_read: 'une visite',
  trigger_admin: 'une personne',
  trigger_cli: 'la ligne de commande',
  trigger_invoke: 'un appel AWS',
  by_program: 'un programme',
  chart: 'Durée et changements des dernières synchronisations : {name}',

  supplier: 'Santé du fournisseur',
  noHealth: 'Pas encore de mesure : elle vient avec la prochaine synchronisation.',
  health_good:
    'Rien à signaler : le fournisseur a répondu normalement à la dernière synchronisation.',
  health_slow:
    'À la dernière synchronisation, le fournisseur a répondu plus de deux fois plus lentement que d’habitude.',
  health_errors:
    'À la dernière synchronisation, {error} des demandes ont fini en erreur. Si cela dure, prévenez le fournisseur.',
  health_down:
    'À la dernière synchronisation, la plupart des demandes sont restées sans réponse utile. Si cela dure, prévenez le fournisseur.',
  health_overloaded:
    'À la dernière synchronisation, le fournisseur a demandé de ralentir (429 ou 503) ; c’est respecté, rien à faire.',
  health_refused:
    'À la dernière synchronisation, le fournisseur a refusé la clé (401 ou 403). Vérifiez la clé.',
  healthChart: 'Temps de réponse et erreurs du fournisseur, par synchronisation : {name}',
  median: 'Réponse médiane',
  p95: '95 % des réponses en',
  errorRate: 'Taux d’erreur',
  errors: 'Erreurs de réponse',
  refusals: 'Refus de la clé (401, 403)',
  overloads: 'Refus de charge (429, 503)',
  refusedOrOverloaded: 'Refus',
  requests: 'Demandes',
  repeated: 'Demandes répétées',
  overOneRun: 'Sur la dernière synchronisation mesurée.',
  overRuns: 'Sur les {count} dernières synchronisations mesurées.',

  recent: 'Derniers enregistrements',
  noRecent: 'Rien encore.',
  change_created: 'nouveau',
  change_updated: 'modifié',
  nothing: 'rien',
  named: '{name} : {value}',
  between: ' ; ',
  yes: 'oui',
  no: 'non',
  field_title: 'nom',
  field_name: 'nom',
  field_price: 'prix',
  field_stock: 'quantité',
  field_is_available: 'disponible',
  field_is_active: 'actif',
  field_is_salam: 'sur commande',
  field_sku: 'référence',
  field_slug: 'adresse web',
  field_description: 'descriptif',
  field_promotion: 'offre en cours',
  field_category: 'catégorie',
  field_parent: 'catégorie parente',
  field_brand: 'marque',
  field_images: 'photos',
  field_image: 'photo',
  field_barcodes: 'codes-barres',
  field_weight: 'poids',
  field_dimensions: 'mesures',
  field_specifications: 'caractéristiques',
  field_delivery_methods: 'livraison',
  field_tags: 'étiquettes',
  field_order: 'ordre',
  field_level: 'niveau',
  field_extra: 'autres détails',
  field_created_at: 'créé le',
  field_updated_at: 'modifié chez le fournisseur',

  remark_asked_by: 'Demandée par {by}.',
  remark_approved_by:
    'Approuvé par {by} : les suppressions que la synchronisation {runId} retenait.',
  remark_discarded_by:
    'Écarté par {by} : les {count} suppressions que la synchronisation {runId} retenait.',
  remark_began_again:
    'La synchronisation {runId} était restée inachevée après {total} enregistrements ; celle-ci a recommencé.',
  remark_pages_lost: 'Pages de la liste qui n’ont pas pu être lues : {count}.',
  remark_listed_fewer:
    'Le fournisseur annonçait {expected} enregistrements et en a listé {listed}.',
  remark_listed_other:
    'Le fournisseur annonçait {expected} enregistrements et en a listé {listed} : rien n’a été supprimé.',
  remark_listed_none: 'Le fournisseur n’a listé aucun enregistrement.',
  remark_missing: 'Enregistrements qui manquent dans la liste du fournisseur : {count} sur {live}.',
  remark_mostly_rejected: '{errors} enregistrements sur {total} étaient illisibles ou invalides.',
  remark_upstream: 'Fournisseur : {failure} ({message}).',
  failure_key_refused: 'il a refusé la clé',
  failure_no_credential: 'aucune clé n’était configurée',
  failure_throttled: 'il a demandé d’attendre',
  failure_not_found: 'rien n’a été trouvé à cette adresse',
  failure_unavailable: 'pas de réponse, ou une erreur',
  failure_untrusted: 'son certificat TLS n’est pas valide',
  failure_invalid: 'sa réponse n’était pas faite d’enregistrements',
  failure_retry_budget: 'trop de demandes ont échoué',

  reason_missing: 'manque',
  reason_no_id: 'manque, ou n’est pas utilisable',
  reason_is_not: '{name} n’est pas {expected}',
  reason_negative: '{name} est négatif',
  reason_malformed: '{name} est mal formé',
  reason_weight_unit: '{word} n’est ni des kilogrammes ni des grammes',
  reason_too_deep: 'trop profond, ou nombre trop grand, dans : {names}',
  reason_no_object: 'le fournisseur n’a pas répondu un objet',
  reason_other_id: 'le fournisseur a répondu avec l’identifiant {id}',
  reason_too_large: '{bytes} octets, plus que les {most} qui peuvent être enregistrés',
  reason_type: '{expected} attendu, {received} reçu',
  reason_invalid: 'n’est pas valide',
  reason_not_found: 'le fournisseur dit qu’il n’existe pas',
  reason_server_error: 'erreur du fournisseur ({status})',
  reason_late: 'pas de réponse complète en {ms} ms',
  reason_not_json: 'la réponse n’était pas du JSON',
  reason_cut: 'la réponse était coupée',
  reason_no_record:
    'la réponse ne portait sur aucun enregistrement : elle n’avait pas d’identifiant',
  expected_a_text: 'un texte',
  expected_a_name: 'un nom',
  expected_a_number: 'un nombre',
  expected_a_weight: 'un poids',
  expected_a_list_of_names: 'une liste de noms',
  expected_a_list_of_images: 'une liste d’images',
  expected_the_address_of_an_image: 'l’adresse d’une image',
  expected_a_yes_or_no: 'un oui ou un non',
  expected_an_amount_of_money: 'un montant',
  expected_an_ISO_8601_date: 'une date ISO 8601',
  expected_a_usable_id: 'un identifiant utilisable',
  expected_an_id_or_an_object_with_one: 'un identifiant, ou un objet qui en a un',
  expected_JSON_of_a_sane_depth_with_finite_numbers:
    'du JSON d’une profondeur raisonnable aux nombres finis',

  rejects: 'Enregistrements en erreur',
  rejectKey: 'Enregistrement',
  rejectReason: 'Raison',
  rejectFirst: 'Vu la première fois',
  rejectAttempts: 'Essais',
  retry: 'Réessayer ces enregistrements',

  held: 'Suppressions à décider',
  heldWhy: 'Pourquoi : {reason}',
  heldWhat: '{count} enregistrement(s) à supprimer, dont :',
  approve: 'Approuver : supprimer',
  discard: 'Écarter : tout garder',

  cost: 'Ce que cela coûte',
  costSay:
    'La dernière synchronisation complète a pris {duration} et {requests} demandes au fournisseur.',
  costUnknown: 'Aucune synchronisation complète encore : son coût n’est pas connu.',
  costOld: 'La dernière synchronisation complète est trop ancienne pour en dire le coût.',
  syncNow: 'Synchroniser si c’est le moment',
  force: 'Forcer maintenant',
  forceSay:
    'Forcer passe l’intervalle : au plus 6 fois par heure et par personne, une fois par minute en tout.',
  forceNot: 'Vous n’avez pas le droit de forcer (sync:force).',
  result: 'Résultat',
  resultStarting: 'La synchronisation démarre.',
  resultNone:
    'On ne sait rien de cette synchronisation : elle n’a pas commencé, ou elle est trop ancienne. Regardez les dernières synchronisations, ou relancez-la.',
  resultPaused: 'La synchronisation est en pause ; elle reprend d’elle-même.',
  resultRunning: 'La synchronisation est en cours.',
  resultEnded:
    '{outcome} : {total} lus, {created} créés, {updated} modifiés, {unchanged} inchangés, {removed} supprimés, {errors} en erreur, en {duration}.',
  answer_fresh: 'Le catalogue est à jour : rien n’a été lancé.',
  answer_running: 'Une synchronisation est déjà en cours.',
  answer_cooling:
    'La dernière synchronisation a échoué. Prochaine : {next}, ou maintenant en forçant.',
  answer_held: 'Des suppressions attendent une décision. Prochaine synchronisation : {next}.',
  answer_no_credential:
    'La clé est absente, ou le fournisseur la refuse : un essai par minute, pas plus. Vérifiez d’abord la clé dans Secrets Manager.',
  answer_limited_minute:
    'Quelqu’un a déjà forcé dans la dernière minute. Prochain essai possible : {next}.',
  answer_limited_hour: 'Vous avez forcé 6 fois en une heure. Prochain essai possible : {next}.',
  answer_unfinished:
    'Une synchronisation est inachevée et reprend d’elle-même. Décidez ou réessayez quand elle sera finie.',
  answer_waiting:
    'Le fournisseur a demandé de ne plus être sollicité pour un moment. Réessayez plus tard.',
  answer_decided:
    'Ce que ce formulaire proposait de décider n’attend plus. Ce qui attend une décision est ci-dessous, s’il y en a.',
  answer_retry: 'Les enregistrements en erreur sont relus ; le résultat apparaît dans un instant.',
  answer_approve: 'Suppressions approuvées ; elles se font dans un instant.',
  answer_discard:
    'Suppressions écartées ; elles sont abandonnées dans un instant, et tout est gardé.',
  answer_failed:
    'La synchronisation n’a pas pu être lancée. Réessayez dans un instant ; si cela dure, regardez les journaux.',

  notice_signed_out: 'Vous êtes déconnecté.',
  notice_no_issuer:
    'Personne ne peut encore se connecter ici. Qui déploie le service renseigne « issuer » dans cdk.json et déploie de nouveau (docs/deploy.md, étape 8) ; d’ici là, la ligne de commande et les jetons d’accès font la même chose.',
  notice_issuer_down: 'Le service de connexion ne répond pas. Réessayez dans un instant.',
  notice_login_over:
    'Cette connexion a expiré, ou a commencé dans un autre navigateur. Recommencez.',
  notice_login_refused:
    'La connexion a été refusée. Recommencez ; si cela dure, prévenez qui gère les comptes.',
  notice_local_link:
    'Un lien de connexion vient d’être écrit dans le terminal de « npm start ». Ouvrez-le.',
  notice_local_over:
    'Ce lien a déjà servi, ou est trop vieux. Un nouveau est dans le terminal de « npm start ».',
  notice_not_allowed:
    'Vous êtes connecté, mais votre compte n’a pas ce droit. Demandez-le à qui gère les comptes.',
  notice_not_found: 'Il n’y a rien à cette adresse.',
  notice_foreign_form:
    'Ce formulaire est trop vieux ou vient d’un autre site : rien n’a été fait. Rechargez la page.',
  notice_bad_request: 'La demande n’est pas valide : rien n’a été fait. Rechargez la page.',
  notice_bad_address: 'Cette adresse n’est pas valide : quelque chose y manque ou n’existe pas.',
  notice_not_started:
    'Rien n’a pu être lancé, et rien n’a été fait. Réessayez dans un instant ; si cela dure, regardez les journaux de la fonction staff.',
  notice_maybe_started:
    'La demande est partie, mais aucune réponse n’est venue : elle est peut-être en cours. Regardez l’état avant de recommencer.',
  notice_down: 'Le catalogue est momentanément illisible. Réessayez dans quelques secondes.',
  notFound: 'Page introuvable',
  signIn: 'Se connecter',
  back: 'Revenir à l’état du catalogue',
  backToShop: 'Aller à la boutique',
  signOutThere: 'Se déconnecter aussi du service de connexion',
} as const;

/** Every text of the pages that does not come from the catalogue: a missing one does not compile. */
export type Words = Readonly<Record<keyof typeof FRENCH, string>>;
