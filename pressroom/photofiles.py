"""Whether a file is a photograph that can go out: what it is, whole, and of a size that can be worked on.

Looked at when the content is read, so that a damaged picture stops the build before anything is written.
"""

from __future__ import annotations

import io
import warnings
from typing import Final

from pressroom.machines.photographs import captioned
from pressroom.problems import PressroomError
from pressroom.words import Words

MAX_PIXELS: Final = 80_000_000
MAX_BYTES: Final = 64 * 1024 * 1024

# What Pillow calls the format, by the suffix that says so to readers' programs.
FORMATS: Final = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG"}


def fault(data: bytes, name: str) -> tuple[Words, Words] | None:
    """What is wrong with a photograph and how to mend it; None when it can go out."""
    from PIL import Image  # only a site with new photographs pays for it

    wanted = FORMATS.get(name.rpartition(".")[2])
    if wanted is None:
        return (
            Words("照片只能是JPEG或PNG。", "photographs are JPEG or PNG"),
            Words("用看图软件另存为JPEG。", "save it as JPEG"),
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data)) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise Image.DecompressionBombError
                if image.format != wanted:
                    return (
                        Words(
                            f"文件名说是{wanted}，其实是{image.format}。",
                            f"its name says {wanted}, yet it is {image.format}",
                        ),
                        Words("改后缀，或另存为JPEG。", "correct the suffix, or save it as JPEG"),
                    )
                image.draft("RGB", (64, 64))
                image.load()
        captioned(data, name, "", Words())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        millions = MAX_PIXELS // 1_000_000
        return (
            Words(
                f"照片超过{millions}百万像素。", f"the picture has more than {millions} megapixels"
            ),
            Words("缩小后再放进来。", "scale it down"),
        )
    except (PressroomError, OSError, ValueError, SyntaxError, EOFError, Warning):
        return (
            Words(
                "照片读不通，可能没有传完。",
                "the picture cannot be read; perhaps it was not copied whole",
            ),
            Words("重新复制，或用看图软件另存为JPEG。", "copy it again, or save it anew as JPEG"),
        )
    return None
