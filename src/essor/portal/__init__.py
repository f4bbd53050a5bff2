"""The portal: dossiers, articles, boxes, feeds in and out, sharing."""
