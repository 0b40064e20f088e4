using System.Collections.Concurrent;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// Turns decoded canvases into augmented network inputs. The result depends on policy, sizes, seed, epoch, row and pixels alone.
/// Thread-safe; in steady state it allocates nothing.
/// </summary>
internal sealed class ImageAugmenter
{
    private readonly ConcurrentBag<(AugmentationPlan Plan, WorkingImage Image)> _pool = [];
    private readonly Augmentation _policy;
    private readonly int _canvasWidth;
    private readonly int _canvasHeight;
    private readonly int _channels;
    private readonly ulong _seed;

    /// <param name="policy">The policy.</param>
    /// <param name="canvasWidth">The width of the decoded images.</param>
    /// <param name="canvasHeight">The height of the decoded images.</param>
    /// <param name="width">The width that the network takes.</param>
    /// <param name="height">The height that the network takes.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="channels">The number of planes: 1, 3 or 4.</param>
    public ImageAugmenter(Augmentation policy, int canvasWidth, int canvasHeight, int width, int height, ulong seed, int channels = 3)
    {
        (_policy, _canvasWidth, _canvasHeight, Width, Height, _seed, _channels) = (
            policy,
            canvasWidth,
            canvasHeight,
            width,
            height,
            seed,
            channels
        );
    }

    /// <summary>For the canvases of an <see cref="ImageDecoder"/> and the inputs of its network.</summary>
    public ImageAugmenter(Augmentation policy, ImagePreprocessing preprocessing, ulong seed)
        : this(
            policy,
            preprocessing.CanvasWidth,
            preprocessing.CanvasHeight,
            preprocessing.Width,
            preprocessing.Height,
            seed,
            preprocessing.ChannelCount
        ) { }

    /// <summary>The width of what is made.</summary>
    public int Width { get; }

    /// <summary>The height of what is made.</summary>
    public int Height { get; }

    /// <summary>The size of what is made: channels * Height * Width.</summary>
    public int OutputSize => _channels * Width * Height;

    /// <summary>Augments one image to bytes.</summary>
    /// <param name="canvas">[channels, canvasHeight, canvasWidth].</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="row">The image's row in the data view, from 0: what its draws are keyed by.</param>
    /// <param name="target">[channels, Height, Width].</param>
    public void Apply(ReadOnlySpan<byte> canvas, long epoch, long row, Span<byte> target)
    {
        (AugmentationPlan Plan, WorkingImage Image) work = Rent();
        Run(work, canvas, epoch, row).CopyTo(target);
        _pool.Add(work);
    }

    /// <summary>Augments one image to floats of 0..255.</summary>
    /// <param name="canvas">[channels, canvasHeight, canvasWidth].</param>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="row">The image's row in the data view, from 0: what its draws are keyed by.</param>
    /// <param name="target">[channels, Height, Width].</param>
    public void Apply(ReadOnlySpan<byte> canvas, long epoch, long row, Span<float> target)
    {
        (AugmentationPlan Plan, WorkingImage Image) work = Rent();
        PlanarPixels.ToSingle(Run(work, canvas, epoch, row), target);
        _pool.Add(work);
    }

    private (AugmentationPlan Plan, WorkingImage Image) Rent() =>
        _pool.TryTake(out (AugmentationPlan Plan, WorkingImage Image) work) ? work : (new AugmentationPlan(), new WorkingImage());

    private ReadOnlySpan<byte> Run((AugmentationPlan Plan, WorkingImage Image) work, ReadOnlySpan<byte> canvas, long epoch, long row)
    {
        work.Plan.Begin(_canvasWidth, _canvasHeight, Width, Height);
        _policy.Draw(DrawKey.For(_seed, epoch, row), work.Plan);
        work.Plan.End();
        return work.Image.Run(work.Plan, canvas[..(_channels * _canvasWidth * _canvasHeight)], _canvasWidth, _canvasHeight);
    }
}
