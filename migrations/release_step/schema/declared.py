"""What the models declare: the one place in which the release step knows them."""

from sqlalchemy import MetaData

from webapp import models  # noqa: F401 - registers every table
from webapp.db import Base

METADATA: MetaData = Base.metadata
