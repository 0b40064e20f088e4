using System.Collections.Concurrent;
using Microsoft.ML;
using MLNetExtensions.Data.Boxes;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Masks;

namespace MLNetExtensions.Data.Inspection;

/// <summary>Reads the boxes and the masks of images beside them, as far as a view has them.</summary>
internal sealed class PixelLabels
{
    private readonly DataViewSchema.Column? _mask;
    private readonly MaskClasses? _classes;
    private readonly string? _folder;
    private readonly ConcurrentBag<MaskReader> _readers = [];

    /// <param name="schema">The view's schema.</param>
    /// <param name="folder">The folder that relative paths start from; null for the working folder.</param>
    public PixelLabels(DataViewSchema schema, string? folder)
    {
        Boxes = BoxColumns.Find(schema);
        _folder = folder;
        // Without annotations, it is not known what the pixels mean.
        if (MaskColumn.Find(schema) is { } mask && MaskClasses.Of(mask) is { } classes)
            (_mask, _classes) = (mask, classes);
    }

    /// <summary>The columns of boxes; null if there are none.</summary>
    public BoxColumns? Boxes { get; }

    /// <summary>The columns to read.</summary>
    public IEnumerable<DataViewSchema.Column> Columns => [.. Boxes?.All ?? [], .. _mask is { } mask ? new[] { mask } : []];

    /// <summary>Reads what the current row of a cursor holds; for one thread.</summary>
    public Action<ImageFacts> Open(DataViewRowCursor cursor)
    {
        Func<ImageBox[]>? boxes = Boxes?.Reader(cursor);
        Func<EncodedMask>? mask = _mask is { } column ? MaskColumn.Reader(cursor, column, _folder) : null;
        return facts =>
        {
            (facts.Boxes, facts.BoxClasses) = (boxes?.Invoke(), Boxes?.Classes ?? []);
            if (mask is null)
                return;
            facts.MaskClasses = _classes;
            try
            {
                facts.Mask = mask();
            }
            // The source draws masks of outlines when they are asked for.
            catch (InvalidDataException e)
            {
                facts.MaskProblem = e.Message;
            }
        };
    }

    /// <summary>Counts the pixels of an image's mask; for any number of threads.</summary>
    public void Probe(ImageFacts facts)
    {
        if (facts.MaskClasses is not { } classes || facts.MaskProblem is not null)
            return;
        MaskReader reader = _readers.TryTake(out MaskReader? used) ? used : new MaskReader(classes.Format);
        try
        {
            // An image that cannot be read has no size to compare with.
            ReadOnlySpan<byte> plane = facts.BadReason is null
                ? reader.Read(facts.Mask, facts.Image.Row, new ImageSize(facts.Width, facts.Height))
                : reader.Read(facts.Mask, facts.Image.Row, out _);
            long[] counts = new long[256];
            foreach (byte index in plane)
                counts[index]++;
            facts.MaskPixels = counts;
        }
        catch (InvalidImageException e)
        {
            facts.MaskProblem = e.Reason;
        }
        facts.Mask = default;
        _readers.Add(reader);
    }
}
