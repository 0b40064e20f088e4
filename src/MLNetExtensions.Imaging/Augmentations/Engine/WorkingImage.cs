using MLNetExtensions.Imaging.Pixels;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// The image that a plan is worked through on: planar pixels, a second buffer to write results to, and a lookup table that is still due.
/// Reused from image to image; not thread-safe.
/// </summary>
internal sealed class WorkingImage
{
    private readonly byte[] _lookup = new byte[256];
    private readonly GeometryResampler _resampler = new();
    private ScratchBuffer _front = new();
    private ScratchBuffer _back = new();
    private bool _hasLookup;
    private AugmentationPlan? _nestedPlan;
    private WorkingImage? _nestedImage;

    public int Width { get; private set; }

    public int Height { get; private set; }

    /// <summary>The number of planes: 1 (gray), 3 (red, green, blue) or 4 (and alpha).</summary>
    public int Channels { get; private set; } = 3;

    /// <summary>The number of planes that are no alpha: 1 or 3.</summary>
    public int ColorChannels => Math.Min(3, Channels);

    /// <summary>The pixels of one channel.</summary>
    public int PlaneSize => Width * Height;

    /// <summary>[Channels, Height, Width], with all that came before done to them.</summary>
    public Span<byte> Pixels
    {
        get
        {
            Span<byte> pixels = _front.Reserve(Channels * PlaneSize);
            if (_hasLookup)
            {
                _hasLookup = false;
                ByteLookup.Apply(pixels[..(ColorChannels * PlaneSize)], _lookup);
            }
            return pixels;
        }
    }

    /// <summary>The planes of <see cref="Pixels"/> that are no alpha: what changes of color are done to.</summary>
    public Span<byte> Colors => Pixels[..(ColorChannels * PlaneSize)];

    /// <summary>Memory of the size of <see cref="Pixels"/> to write a result to; then <see cref="TakeSpare"/>.</summary>
    public Span<byte> Spare => _back.Reserve(Channels * PlaneSize);

    /// <summary>More memory for operations, its content undefined.</summary>
    public ScratchBuffer Scratch { get; } = new();

    /// <summary>The displacements of the last operation that moved each pixel by one of its own.</summary>
    public DisplacementField Field { get; } = new();

    /// <summary>A plan and an image for operations that work through plans of their own.</summary>
    public (AugmentationPlan Plan, WorkingImage Image) Nested
    {
        get
        {
            _nestedPlan ??= new AugmentationPlan();
            _nestedImage ??= new WorkingImage();
            return (_nestedPlan, _nestedImage);
        }
    }

    /// <summary>Makes what was written to <see cref="Spare"/> the image.</summary>
    public void TakeSpare() => (_front, _back) = (_back, _front);

    /// <summary>
    /// Replaces every value but alpha by an entry of a table. Tables are composed and looked up when the pixels are next needed.
    /// </summary>
    public void Lookup(ReadOnlySpan<byte> table)
    {
        if (_hasLookup)
            ByteLookup.Compose(_lookup, table);
        else
            table[..256].CopyTo(_lookup);
        _hasLookup = true;
    }

    /// <summary>Works through a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="source">The image, planar, of the plan's first size.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <returns>The result, valid until the next call: the plan's last size.</returns>
    public ReadOnlySpan<byte> Run(AugmentationPlan plan, ReadOnlySpan<byte> source, int width, int height)
    {
        Geometry first = plan.FirstGeometry;
        if (first.SourceWidth != width || first.SourceHeight != height)
            throw new ArgumentException(
                $"The plan is for {first.SourceWidth} x {first.SourceHeight} pixels, not {width} x {height}.",
                nameof(plan)
            );
        return Run(plan, first, source);
    }

    /// <summary>Works through a plan on an image that was decoded as its first geometry asks.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="first">The replacement of the plan's first geometry.</param>
    /// <param name="source">The geometry's source, planar.</param>
    /// <returns>The result, valid until the next call: the plan's last size.</returns>
    public ReadOnlySpan<byte> Run(AugmentationPlan plan, scoped in Geometry first, ReadOnlySpan<byte> source)
    {
        (Width, Height, _hasLookup) = (first.Width, first.Height, false);
        Channels = source.Length / (first.SourceWidth * first.SourceHeight);
        _resampler.Run(first, source, Pixels, Channels);
        foreach (ref readonly PlannedStep step in plan.Steps[(plan.StartsWithGeometry ? 1 : 0)..])
        {
            if (step.Operation is { } operation)
                operation.Apply(step.Values, step.Key, this);
            else
                Resample(step.Geometry);
        }
        return Pixels;
    }

    private void Resample(in Geometry geometry)
    {
        if (geometry.IsIdentity)
            return;
        ReadOnlySpan<byte> source = Pixels;
        (Width, Height) = (geometry.Width, geometry.Height);
        _resampler.Run(geometry, source, Spare, Channels);
        TakeSpare();
    }
}
