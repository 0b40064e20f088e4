using System.Collections.Concurrent;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;
using SkiaSharp;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// Decodes and augments in one go: what is drawn decides which part of the file is decoded, and at which size. For streams of images that
/// are not kept; kept ones are decoded once to canvases (<see cref="ImageDecoder"/>) and augmented by <see cref="ImageAugmenter"/>.
/// Thread-safe.
/// </summary>
internal sealed class EncodedImageAugmenter(
    Augmentation policy,
    int width,
    int height,
    ulong seed,
    long maxPixels = ImageDecoder.DefaultMaxPixels
)
{
    private readonly ConcurrentBag<Workspace> _pool = [];

    /// <summary>The size of what is made: 3 * height * width.</summary>
    public int OutputSize => 3 * width * height;

    /// <summary>Decodes and augments a file's bytes.</summary>
    /// <param name="encoded">JPEG, PNG, GIF, BMP or WebP.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="row">The row: what the draws are keyed by, and named in errors.</param>
    /// <param name="target">[3, height, width].</param>
    /// <exception cref="InvalidImageException">The bytes cannot be decoded as far as they are needed.</exception>
    public void Apply(ReadOnlySpan<byte> encoded, long epoch, long row, Span<byte> target)
    {
        Workspace work = Rent();
        work.Run(policy, encoded, null, width, height, DrawKey.For(seed, epoch, row), row, maxPixels).CopyTo(target);
        _pool.Add(work);
    }

    /// <summary>Decodes and augments a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="row">The row: what the draws are keyed by, and named in errors.</param>
    /// <param name="target">[3, height, width].</param>
    /// <exception cref="InvalidImageException">The file is missing, or its needed part cannot be decoded.</exception>
    public void ApplyFile(string path, long epoch, long row, Span<byte> target)
    {
        Workspace work = Rent();
        work.Run(policy, work.Decoder.ReadFile(path, row), path, width, height, DrawKey.For(seed, epoch, row), row, maxPixels)
            .CopyTo(target);
        _pool.Add(work);
    }

    /// <summary>Decodes, augments and normalizes a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="row">The row: what the draws are keyed by, and named in errors.</param>
    /// <param name="preprocessing">Scale, mean and standard deviation, in RGB order.</param>
    /// <param name="target">[3, height, width].</param>
    /// <exception cref="InvalidImageException">The file is missing, or its needed part cannot be decoded.</exception>
    public void ApplyFile(string path, long epoch, long row, ImagePreprocessing preprocessing, Span<float> target)
    {
        Workspace work = Rent();
        ReadOnlySpan<byte> pixels = work.Run(
            policy,
            work.Decoder.ReadFile(path, row),
            path,
            width,
            height,
            DrawKey.For(seed, epoch, row),
            row,
            maxPixels
        );
        PlanarPixels.Normalize(pixels, target, preprocessing);
        _pool.Add(work);
    }

    private Workspace Rent() => _pool.TryTake(out Workspace? work) ? work : new Workspace();

    private sealed class Workspace
    {
        private readonly AugmentationPlan _plan = new();
        private readonly WorkingImage _image = new();

        public RegionDecoder Decoder { get; } = new();

        public unsafe ReadOnlySpan<byte> Run(
            Augmentation policy,
            ReadOnlySpan<byte> encoded,
            string? path,
            int width,
            int height,
            DrawKey key,
            long row,
            long maxPixels
        )
        {
            fixed (byte* bytes = encoded)
            {
                using SKData data = SKData.Create((nint)bytes, encoded.Length);
                using SKCodec codec = PixelDecoder.Open(data, maxPixels, row, path);
                bool swaps = ExifOrientation.SwapsSides(ExifOrientation.Of(codec, encoded));
                (int sourceWidth, int sourceHeight) = swaps ? (codec.Info.Height, codec.Info.Width) : (codec.Info.Width, codec.Info.Height);
                _plan.Begin(sourceWidth, sourceHeight, width, height);
                policy.Draw(key, _plan);
                _plan.End();
                Geometry geometry = _plan.FirstGeometry;
                var wanted = new SKRectI(
                    (int)Math.Floor(geometry.Left),
                    (int)Math.Floor(geometry.Top),
                    (int)Math.Ceiling(geometry.Right),
                    (int)Math.Ceiling(geometry.Bottom)
                );
                ReadOnlySpan<byte> planes = Decoder.Decode(encoded, codec, wanted, geometry.Reduction, row, path, out DecodedRegion region);
                Geometry moved = geometry.In(
                    region.Width,
                    region.Height,
                    region.Window.Left,
                    region.Window.Top,
                    region.Window.Width,
                    region.Window.Height
                );
                return _image.Run(_plan, moved, planes);
            }
        }
    }
}
