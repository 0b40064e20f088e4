"""Draws one scene and writes it in every kind of image file. Needs Pillow (Debian's python3-pil) and cjpeg and jpegtran (libjpeg-turbo-progs).

Usage: /usr/bin/python3 make.py FOLDER
"""
import math
import os
import subprocess
import sys

from PIL import Image

WIDTH, HEIGHT = 97, 73


def noise(x, y):
    """A number of 0 to 255 for a place, without any pattern."""
    value = (x * 374761393 + y * 668265263) & 0xFFFFFFFF
    value = ((value ^ (value >> 13)) * 1274126177) & 0xFFFFFFFF
    return (value ^ (value >> 16)) & 0xFF


def pixel(x, y):
    """A sky that fades, a textured hill, a disc with a hard edge, letters, and a little noise everywhere."""
    grain = noise(x, y) % 17 - 8
    hill = HEIGHT * 0.55 + 9 * math.sin(x / 11) + 4 * math.sin(x / 3.1)
    if (x - 70) ** 2 + (y - 19) ** 2 < 150:
        color = (250, 215 - 3 * (y - 19), 60)
    elif y > hill:
        texture = 30 * math.sin(x * 0.9 + y * 0.4) * math.sin(y * 0.7 - x * 0.2)
        color = (70 + texture, 130 + texture - (y - hill), 45 + noise(x // 3, y // 2) // 4)
    else:
        color = (90 + 90 * y / HEIGHT, 140 + 60 * y / HEIGHT, 235 - 70 * x / WIDTH)
    if 48 <= y < 55 and 8 <= x < 56 and (x - 8) % 8 < 5 and LETTERS[(x - 8) // 8][y - 48] >> (4 - (x - 8) % 8) & 1:
        color, grain = (20, 16, 24), 0
    return tuple(max(0, min(255, int(c + grain))) for c in color)


# Five bits a row, seven rows a letter: P H O T O S.
P, H, O, T, S = (
    (30, 17, 17, 30, 16, 16, 16), (17, 17, 17, 31, 17, 17, 17), (14, 17, 17, 17, 17, 17, 14), (31, 4, 4, 4, 4, 4, 4), (15, 16, 16, 14, 1, 1, 30))
LETTERS = (P, H, O, T, O, S)


def main(folder):
    scene = Image.new("RGB", (WIDTH, HEIGHT))
    scene.putdata([pixel(x, y) for y in range(HEIGHT) for x in range(WIDTH)])
    ppm = os.path.join(folder, "scene.ppm")
    scene.save(ppm)

    def cjpeg(name, *options):
        with open(os.path.join(folder, name), "wb") as file:
            subprocess.run(["cjpeg", "-quality", "85", *options, ppm], stdout=file, check=True)

    cjpeg("444.jpg", "-sample", "1x1")
    cjpeg("422.jpg", "-sample", "2x1")
    cjpeg("420.jpg", "-sample", "2x2")
    cjpeg("440.jpg", "-sample", "1x2")
    cjpeg("411.jpg", "-sample", "4x1")
    cjpeg("gray.jpg", "-grayscale")
    cjpeg("optimized.jpg", "-optimize")
    cjpeg("restart.jpg", "-restart", "3B")
    cjpeg("restart_rows.jpg", "-restart", "1")
    cjpeg("progressive.jpg", "-progressive")
    cjpeg("progressive_gray.jpg", "-progressive", "-grayscale")
    cjpeg("coarse.jpg", "-quality", "10", "-baseline")
    cjpeg("finest.jpg", "-quality", "100", "-sample", "1x1")
    cjpeg("rgb.jpg", "-rgb")
    with open(os.path.join(folder, "odd.jpg"), "wb") as file:
        subprocess.run(["jpegtran", "-crop", "33x17+16+32", os.path.join(folder, "420.jpg")], stdout=file, check=True)
    scene.convert("CMYK").save(os.path.join(folder, "cmyk.jpg"), quality=85)

    scene.save(os.path.join(folder, "rgb.png"))
    scene.convert("L").save(os.path.join(folder, "gray.png"))
    scene.quantize(64).save(os.path.join(folder, "palette.png"))
    alpha = scene.copy()
    alpha.putalpha(Image.linear_gradient("L").resize((WIDTH, HEIGHT)))
    alpha.save(os.path.join(folder, "alpha.png"))
    gray16 = Image.new("I;16", (WIDTH, HEIGHT))
    gray16.putdata([256 * p + p for p in scene.convert("L").getdata()])
    gray16.save(os.path.join(folder, "gray16.png"))
    scene.save(os.path.join(folder, "lossy.webp"), quality=80)
    scene.save(os.path.join(folder, "lossless.webp"), lossless=True)
    scene.quantize(64).save(os.path.join(folder, "still.gif"))
    scene.save(os.path.join(folder, "rgb.bmp"))
    os.remove(ppm)


if __name__ == "__main__":
    main(sys.argv[1])
