"""Tools and methods that are one kind of a skill by definition: MySQL is a relational database.

The reference's names are whole wordings ("SQL, PostgreSQL, requêtage"); a CV mostly lists tools one
by one. Only what nobody would dispute stands here: who lists the tool has the skill's name, at no
higher degree. "Maîtrise de la suite Adobe" is more than "Photoshop" and is not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TOOLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accounting_software": ("Sage", "Cegid", "Quadra", "EBP"),
        "agile": ("Scrum", "Kanban", "Agile", "méthode agile"),
        "autocad": ("AutoCAD",),
        "backup": ("Veeam",),
        "cat_tools": ("SDL Trados", "Trados", "memoQ"),
        "cloud": ("AWS", "Azure", "GCP", "Google Cloud"),
        "cms": ("WordPress", "PrestaShop", "Drupal", "Joomla", "Webflow"),
        "containers": ("Kubernetes",),
        "crm": ("Salesforce", "HubSpot"),
        "elec_permit": ("habilitation électrique", "B1V", "B2V"),
        "emailing": ("Mailchimp", "Brevo"),
        "etl": ("Talend", "Airflow", "ETL"),
        "first_aid": ("SST",),
        "forklift": ("CACES R489",),
        "gdpr": ("RGPD",),
        "gds": ("Amadeus", "Galileo", "Sabre"),
        "git": ("Git", "GitLab", "GitHub"),
        "iac": ("Terraform", "Ansible"),
        "java": ("Java", "Spring Boot", "Hibernate"),
        "javascript": (
            "JavaScript", "TypeScript", "React", "Vue.js", "Angular", "Node.js", "Next.js",
        ),
        "machine_learning": (
            "machine learning", "deep learning", "scikit-learn", "TensorFlow", "PyTorch",
        ),
        "monitoring": ("Zabbix", "Centreon", "Nagios"),
        "payroll_software": ("Silae", "Sage Paie"),
        "php": ("PHP", "Symfony", "Laravel"),
        "python": ("Python", "Django", "Flask", "Pandas"),
        "revit": ("Revit", "ArchiCAD"),
        "spark": ("Spark", "Hadoop", "Databricks"),
        "sql": ("SQL", "PostgreSQL", "Postgres", "MySQL", "MariaDB", "Oracle", "SQL Server"),
        "test_automation": ("Selenium", "Cypress", "Playwright", "Robot Framework"),
        "virtualisation": ("VMware", "Proxmox", "Hyper-V"),
    }
)  # fmt: skip
"""Tools by the id of the skill of ``reference`` that each of them is a case of."""
