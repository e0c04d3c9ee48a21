"""Stock phrases of offers and CVs: what is said whatever the job. Data, no logic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """How one kind of recruiter writes.

    Phrases may hold ``{title}``, ``{company}``, ``{place}``, ``{sector}`` and ``{contract}``.
    """

    name: str
    share: float
    intros: tuple[str, ...]
    task_headers: tuple[str, ...]
    bullet: str
    profile_headers: tuple[str, ...]
    outros: tuple[str, ...]
    companies: tuple[str, ...]


STYLES = (
    Style(
        name="agency",
        share=0.3,
        intros=(
            "{company} recrute pour l'un de ses clients, acteur reconnu du secteur {sector}, un(e) {title} à {place}.",
            "Votre agence {company} de {place} recherche pour son client un(e) {title} (H/F).",
            "Nous recrutons, pour le compte d'une entreprise partenaire, un(e) {title} dans le cadre d'un accroissement d'activité.",
        ),
        task_headers=(
            "Vos missions :",
            "Vos principales missions seront les suivantes :",
            "Missions :",
        ),
        bullet="- ",
        profile_headers=("Votre profil :", "Profil recherché :", "Profil :"),
        outros=(
            "Vous bénéficiez d'un taux horaire fixe + 10 % d'indemnités de fin de mission + 10 % de congés payés, d'acomptes à la semaine et d'un compte épargne temps à 8 %.",
            "Intéressé(e) ? Postulez en ligne ou passez nous voir à l'agence avec votre CV à jour.",
            "À compétences égales, ce poste est ouvert aux personnes en situation de handicap.",
            "Notre agence vous accompagne tout au long de votre parcours : formation, mutuelle, aide au logement et garde d'enfants avec le FASTT.",
        ),
        companies=(
            "ADEQUIA INTERIM",
            "TEMPORIA EMPLOI",
            "GROUPE ALTEVA",
            "PROXIJOB",
            "MISSIO RH",
            "SYNELIA INTERIM",
            "ACTEO RECRUTEMENT",
        ),
    ),
    Style(
        name="small_firm",
        share=0.25,
        intros=(
            "Petite entreprise familiale installée à {place} recherche {title} sérieux(se) et motivé(e).",
            "Nous recherchons un(e) {title} pour compléter notre équipe de 6 personnes.",
            "Suite à un départ en retraite, nous recrutons {title}. Ambiance conviviale, entreprise à taille humaine.",
        ),
        task_headers=("Vous serez chargé(e) de :", "Le travail consiste à :", "Au quotidien :"),
        bullet="* ",
        profile_headers=("Nous cherchons quelqu'un de", "Qualités demandées :", "Il faut"),
        outros=(
            "Pas de travail le dimanche. Deux semaines de congés en août.",
            "Merci de nous envoyer votre CV ou de téléphoner aux heures de bureau.",
            "Débutant(e) accepté(e) si motivé(e), nous formons sur place.",
            "Prise de poste dès que possible. Possibilité d'évolution pour une personne sérieuse.",
        ),
        companies=(
            "SARL MARTINET",
            "ETS ROUSSELOT",
            "MAISON DELORME",
            "ENTREPRISE CHAUVEL ET FILS",
            "ATELIER BRIANT",
            "SAS LE GOFF",
            "AU BON SOIN",
        ),
    ),
    Style(
        name="administration",
        share=0.15,
        intros=(
            "La collectivité de {place} recrute un agent pour exercer les fonctions suivantes : {title}.",
            "Placé(e) sous l'autorité hiérarchique du responsable de service, vous exercez les fonctions de {title}.",
            "L'établissement recherche un(e) {title}, poste ouvert aux titulaires et aux contractuels.",
        ),
        task_headers=(
            "Activités principales :",
            "Missions du poste :",
            "À ce titre, l'agent aura pour activités de :",
        ),
        bullet="- ",
        profile_headers=("Compétences et qualités requises :", "Profil demandé :"),
        outros=(
            "Rémunération statutaire + régime indemnitaire + prime annuelle + CNAS + participation à la mutuelle.",
            "Les candidatures (CV et lettre de motivation) sont à adresser à Monsieur le Maire avant la date limite.",
            "Temps complet, 25 jours de congés et RTT selon le cycle de travail retenu.",
            "Renseignements auprès de la direction des ressources humaines.",
        ),
        companies=(
            "MAIRIE",
            "CENTRE HOSPITALIER",
            "CONSEIL DEPARTEMENTAL",
            "COMMUNAUTE D'AGGLOMERATION",
            "CCAS",
            "REGION",
        ),
    ),
    Style(
        name="startup",
        share=0.12,
        intros=(
            "Chez {company}, nous réinventons le secteur {sector}. Rejoins l'aventure en tant que {title} !",
            "🚀 {company} est en pleine croissance et cherche son ou sa futur(e) {title}, basé(e) à {place}.",
            "Envie d'impact ? {company} agrandit sa team et recrute un(e) {title} en {contract}.",
        ),
        task_headers=(
            "Ce qui t'attend :",
            "Tes missions, si tu les acceptes :",
            "Concrètement, tu vas :",
        ),
        bullet="• ",
        profile_headers=("Et toi ?", "Ce profil, c'est toi :"),
        outros=(
            "Nos petits plus : télétravail deux jours par semaine, carte Swile, mutuelle Alan, afterworks et séminaire annuel.",
            "Process : un appel de 20 minutes, un cas pratique, une rencontre avec l'équipe. Réponse sous deux semaines.",
            "La diversité fait notre force : toutes les candidatures sont les bienvenues.",
        ),
        companies=("Kwalee", "Lumipop", "Oxyne", "Brindille", "Novaska", "Petit Pont"),
    ),
    Style(
        name="group",
        share=0.18,
        intros=(
            "Présent dans plus de 20 pays, le groupe {company} est l'un des leaders du secteur {sector}. Dans le cadre de son développement, il recrute un(e) {title}.",
            "Rejoindre {company}, c'est intégrer un groupe qui place l'humain et la sécurité au cœur de ses priorités. Nous recherchons pour notre site de {place} un(e) {title}.",
            "Au sein d'une équipe dynamique et rattaché(e) au responsable de site, vous occupez le poste de {title}.",
        ),
        task_headers=(
            "Description du poste :",
            "Vos responsabilités :",
            "Rattaché(e) au responsable, vous devrez :",
        ),
        bullet="- ",
        profile_headers=("Description du profil :", "Profil du candidat :"),
        outros=(
            "Avantages : 13e mois, prime d'intéressement et de participation, tickets restaurant, comité d'entreprise, RTT.",
            "Le groupe s'engage en faveur de la diversité, de l'égalité professionnelle et de l'emploi des personnes en situation de handicap.",
            "Notre processus de recrutement : un échange téléphonique avec notre équipe RH, puis un entretien avec le manager.",
            "De réelles perspectives d'évolution et un parcours d'intégration personnalisé vous seront proposés.",
        ),
        companies=(
            "VALORYS",
            "GROUPE ARMONIS",
            "EUROPLEX",
            "SODERIA",
            "TRANSALTIS",
            "CELIANE",
            "NORDEVIA",
        ),
    ),
)

# What anyone may be asked to do: says nothing about the job.
COMMON_TASKS = (
    "Rendre compte de votre activité à votre responsable",
    "Travailler en équipe et transmettre les informations utiles",
    "Respecter les procédures et les consignes de sécurité",
    "Participer à la vie du service",
    "Veiller à la satisfaction des clients et des usagers",
)

QUALITIES = (
    ("Faire preuve de rigueur et de précision", "rigoureux(se)"),
    ("Travailler en équipe", "doté(e) d'un bon esprit d'équipe"),
    ("Faire preuve d'autonomie", "autonome"),
    ("Avoir le sens du service", "à l'écoute"),
    ("Faire preuve de réactivité", "réactif(ve)"),
    ("Organiser son travail selon les priorités et les objectifs", "organisé(e)"),
    ("Être à l'écoute, faire preuve d'empathie", "patient(e)"),
    ("Prendre des initiatives et être force de proposition", "force de proposition"),
)

FILLERS = (
    "Le poste est à pourvoir dès que possible.",
    "Une période de formation est prévue à la prise de poste.",
    "Vous êtes reconnu(e) pour votre ponctualité, votre sens du service et votre bonne humeur.",
    "Nous vous proposons un cadre de travail agréable, accessible en transports en commun.",
    "Le poste demande de la polyvalence et une bonne résistance au stress.",
    "Votre candidature sera étudiée avec attention et en toute confidentialité.",
    "Notre structure se développe fortement depuis plusieurs années et mise sur la formation de ses équipes.",
    "Vous partagez nos valeurs : respect, engagement, exigence et esprit d'équipe.",
    "Les horaires sont précisés lors de l'entretien et peuvent varier selon l'activité.",
    "Une première expérience réussie dans un environnement comparable sera appréciée.",
    "Sans réponse de notre part sous trois semaines, veuillez considérer que votre candidature n'a pas été retenue.",
    "Vous évoluerez dans un environnement exigeant et bienveillant, aux côtés de collègues expérimentés.",
    "Mutuelle d'entreprise prise en charge à 60 %, participation aux frais de transport.",
    "Un véhicule ou un moyen de locomotion est conseillé, le site étant peu desservi.",
)

# Titles that could be any job of the domain.
VAGUE_TITLES = {
    "A": "Ouvrier / Ouvrière polyvalent(e)",
    "B": "Artisan / Artisane en atelier",
    "C": "Chargé / Chargée de clientèle",
    "D": "Employé / Employée polyvalent(e) de magasin",
    "E": "Chargé / Chargée de projet communication",
    "F": "Ouvrier / Ouvrière du bâtiment",
    "G": "Employé / Employée en hôtellerie restauration",
    "H": "Opérateur / Opératrice de production",
    "I": "Technicien / Technicienne",
    "J": "Professionnel / Professionnelle de santé",
    "K": "Intervenant / Intervenante",
    "L": "Technicien / Technicienne du spectacle",
    "M": "Collaborateur / Collaboratrice",
    "N": "Agent / Agente logistique",
}

FIRST_NAMES = {
    True: (
        "Amina",
        "Camille",
        "Chloé",
        "Élodie",
        "Fatou",
        "Inès",
        "Julie",
        "Léa",
        "Linh",
        "Manon",
        "Nadia",
        "Sophie",
        "Zoé",
        "Hélène",
        "Mélanie",
        "Aïcha",
    ),
    False: (
        "Adrien",
        "Baptiste",
        "Cédric",
        "Hugo",
        "Karim",
        "Léo",
        "Mamadou",
        "Mathieu",
        "Nicolas",
        "Paul",
        "Rachid",
        "Théo",
        "Thomas",
        "Yann",
        "Jérôme",
        "François",
    ),
}
LAST_NAMES = (
    "Arnaud",
    "Benali",
    "Bertin",
    "Carpentier",
    "Diallo",
    "Dubreuil",
    "Fabre",
    "Garnier",
    "Hamel",
    "Joubert",
    "Keita",
    "Lefèvre",
    "Mercier",
    "Nguyen",
    "Olivier",
    "Perrot",
    "Quéré",
    "Rousset",
    "Saïdi",
    "Tessier",
    "Vasseur",
    "Weber",
)

EMPLOYERS = (
    "Alizéa",
    "Groupe Verdier",
    "Maison Corvin",
    "Sotrapel",
    "Les Tilleuls",
    "Atelier 12",
    "Ets Balandier",
    "Ville Active",
    "Norméo",
    "Cap Horizon",
    "Bastide & Co",
    "Hexal",
    "Rivéa",
    "Le Grand Cèdre",
    "Delta Services",
    "Polymont",
)
SCHOOLS = (
    "Lycée Jean-Moulin",
    "AFPA",
    "GRETA",
    "CFA régional",
    "Lycée Rosa-Parks",
    "IUT",
    "Université",
    "Institut supérieur",
)

# Openings of a CV's paragraph; {title}, {years}, {place} and {radius} are filled in.
SUMMARIES = (
    "{years} d'expérience, je recherche un poste stable à {place}{radius}.",
    "Sérieux et ponctualité me définissent. Mobilité : {place}{radius}.",
    "Après {years} de terrain, je souhaite rejoindre une équipe à {place}{radius}.",
    "Disponible de suite sur {place}{radius}. {years} de pratique.",
)
COMMON_BULLETS = (
    "Travail en équipe et polyvalence",
    "Formation des nouveaux arrivants",
    "Remplacements sur d'autres postes",
    "Horaires décalés, week-ends",
    "Respect des délais",
)
SOFT_SKILLS = (
    "Rigueur",
    "Ponctualité",
    "Esprit d'équipe",
    "Autonomie",
    "Sens du contact",
    "Organisation",
    "Adaptabilité",
)
INTERESTS = (
    "Randonnée",
    "Cuisine",
    "Football",
    "Lecture",
    "Chant choral",
    "Bricolage",
    "Voyages",
    "Photographie",
    "Jeux de société",
    "Natation",
    "Bénévolat",
    "Jardinage",
)
