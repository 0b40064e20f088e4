using MLNetExtensions.Imaging.Augmentations;
using MLNetExtensions.Imaging.Augmentations.Engine;
using MLNetExtensions.Imaging.Boxes;

namespace MLNetExtensions.Imaging.Tests.Augmentations.Engine;

/// <summary>A white shape on black, gray, with its box and its mask; and what an augmentation makes of all of them.</summary>
internal sealed class DrawnShape
{
    public const byte Object = 7;

    private readonly byte[] _pixels;
    private readonly byte[] _mask;
    private readonly int _width;
    private readonly int _height;
    private readonly ImageBox _box;
    private readonly float[]? _polygon;

    private DrawnShape(int width, int height, ImageBox box, float[]? polygon, Func<double, double, bool> isInside)
    {
        (_width, _height, _box, _polygon) = (width, height, box, polygon);
        _pixels = new byte[width * height];
        _mask = new byte[width * height];
        for (int i = 0; i < _pixels.Length; i++)
        {
            (double x, double y) = (i % width, i / width);
            if (isInside(x + 0.5, y + 0.5))
                _mask[i] = Object;
            int covered = Enumerable.Range(0, 64).Count(part => isInside(x + ((part % 8 + 0.5) / 8), y + ((part / 8 + 0.5) / 8)));
            _pixels[i] = (byte)(covered * 255 / 64);
        }
    }

    /// <summary>A rectangle of whole pixels.</summary>
    public static DrawnShape Rectangle(int width, int height, ImageBox box) =>
        new(width, height, box, null, (x, y) => x > box.Left && x < box.Right && y > box.Top && y < box.Bottom);

    /// <summary>An ellipse, whose outline is known as a polygon of 64 corners.</summary>
    public static DrawnShape Ellipse(int width, int height, ImageBox box)
    {
        double centerX = (box.Left + box.Right) / 2.0,
            centerY = (box.Top + box.Bottom) / 2.0;
        var polygon = new float[128];
        for (int i = 0; i < 64; i++)
        {
            (double sin, double cos) = Math.SinCos(i * Math.PI / 32);
            polygon[2 * i] = (float)(centerX + (cos * box.Width / 2));
            polygon[(2 * i) + 1] = (float)(centerY + (sin * box.Height / 2));
        }
        return new(
            width,
            height,
            box,
            polygon,
            (x, y) => Math.Pow(2 * (x - centerX) / box.Width, 2) + Math.Pow(2 * (y - centerY) / box.Height, 2) <= 1
        );
    }

    /// <summary>Augments the shape with black around it.</summary>
    public Result Augment(Augmentation? policy, int width, int height, ulong seed, long row, ImageResizeMode fit = ImageResizeMode.Pad)
    {
        var augmenter = new LabeledAugmenter(policy, width, height, seed, channels: 1)
        {
            Fill = 0,
            Fit = fit,
            MinimumVisibility = 0,
        };
        var boxes = new BoxSet();
        boxes.Add(_box, _polygon is null ? null : [_polygon]);
        byte[] pixels = new byte[augmenter.OutputSize],
            mask = new byte[augmenter.OutputSize];
        augmenter.Apply(_pixels, _width, _height, 0, row, pixels, boxes, _mask, mask);
        return new Result(pixels, mask, width, boxes.Count == 0 ? null : boxes[0]);
    }

    /// <summary>The augmented shape.</summary>
    internal sealed record Result(byte[] Pixels, byte[] Mask, int Width, ImageBox? Box)
    {
        /// <summary>The box of the white pixels; null where there are none.</summary>
        public ImageBox? Drawn
        {
            get
            {
                int[] white = [.. Enumerable.Range(0, Pixels.Length).Where(i => Pixels[i] > 127)];
                return white.Length == 0
                    ? null
                    : new ImageBox(
                        white.Min(i => i % Width),
                        white.Min(i => i / Width),
                        white.Max(i => i % Width) + 1,
                        white.Max(i => i / Width) + 1
                    );
            }
        }
    }
}
