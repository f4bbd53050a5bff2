"""Territories: communes, EPCIs, departments, regions, their members and contours."""
