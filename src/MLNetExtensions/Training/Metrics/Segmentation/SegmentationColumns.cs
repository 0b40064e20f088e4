using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data.Masks;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Masks;

namespace MLNetExtensions.Training.Metrics.Segmentation;

/// <summary>Reads the columns that a segmentation report compares, in one pass.</summary>
internal static class SegmentationColumns
{
    /// <summary>Is given each row after it was counted.</summary>
    public delegate void RowVisitor(in MaskPair row);

    /// <param name="data">The scored rows.</param>
    /// <param name="options">The columns.</param>
    /// <param name="visit">Is given each row; null for none.</param>
    public static SegmentationReport Measure(IDataView data, SegmentationReportOptions options, RowVisitor? visit = null)
    {
        DataViewSchema.Column mask = options.MaskColumnName is { } name
            ? data.Schema.GetColumnOrNull(name) ?? throw Missing(data, name)
            : MaskColumn.Find(data.Schema) ?? throw Missing(data, "Mask' or 'MaskPath");
        DataViewSchema.Column predicted =
            data.Schema.GetColumnOrNull(options.PredictedMaskColumnName) ?? throw Missing(data, options.PredictedMaskColumnName);
        MaskClasses classes = ClassesOf(mask, options);
        var counted = new SegmentationConfusion(classes.Names.Count, classes.Format.IgnoredIndex, options.BoundaryTolerance);
        var reader = new MaskReader(classes.Format);
        using DataViewRowCursor cursor = data.GetRowCursor([mask, predicted]);
        Func<EncodedMask> readMask = MaskColumn.Reader(cursor, mask, options.MaskFolder);
        Func<ImageSize, ReadOnlyMemory<byte>> readPredicted = Predictions(cursor, predicted, classes, options.MaskFolder);
        ValueGetter<DataViewRowId> readId = cursor.GetIdGetter();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            EncodedMask encoded = readMask();
            ReadOnlySpan<byte> truth = reader.Read(encoded, cursor.Position, out ImageSize size);
            ReadOnlySpan<byte> found = readPredicted(size).Span;
            if (found.Length != truth.Length)
                throw new InvalidDataException(
                    $"Row {cursor.Position}: column '{predicted.Name}' has {found.Length} pixels, the mask {size.Width} x {size.Height} = "
                        + $"{truth.Length}. Expected a class index for each."
                );
            try
            {
                counted.Add(found, truth, size.Width, size.Height);
            }
            catch (ArgumentException e)
            {
                throw new InvalidDataException($"Row {cursor.Position}, column '{predicted.Name}': {e.Message}", e);
            }
            if (visit is null)
                continue;
            readId(ref id);
            visit(new MaskPair(cursor.Position, id, size, truth, found, classes.Format.IgnoredIndex));
        }
        return counted.Images == 0
            ? throw new ArgumentException("There are no rows: nothing can be measured.", nameof(data))
            : new SegmentationReport(counted, classes.Names);
    }

    private static MaskClasses ClassesOf(DataViewSchema.Column mask, SegmentationReportOptions options)
    {
        if (options.Classes is { Count: > 0 and <= 256 } names)
            return new MaskClasses(names, new MaskFormat { ClassCount = names.Count, IgnoredIndex = options.IgnoredIndex });
        return MaskClasses.Of(mask)
            ?? throw new ArgumentException(
                $"Column '{mask.Name}' does not say what the classes are. Set SegmentationReportOptions.Classes, or load the masks by "
                    + "LoadFromMasks or LoadFromCoco."
            );
    }

    /// <summary>Gives the predicted indices of each row, for a mask of some size.</summary>
    private static Func<ImageSize, ReadOnlyMemory<byte>> Predictions(
        DataViewRowCursor cursor,
        DataViewSchema.Column column,
        MaskClasses classes,
        string? folder
    )
    {
        if (column.Type is TextDataViewType)
        {
            Func<EncodedMask> path = MaskColumn.Reader(cursor, column, folder);
            // Files of predictions have indices, whatever the true masks have.
            var reader = new MaskReader(new MaskFormat { ClassCount = classes.Names.Count, IgnoredIndex = null });
            return size => reader.Read(path(), cursor.Position, size).ToArray();
        }
        if (column.Type is VectorDataViewType { ItemType: NumberDataViewType item } && item == NumberDataViewType.Byte)
        {
            ValueGetter<VBuffer<byte>> getter = cursor.GetGetter<VBuffer<byte>>(column);
            VBuffer<byte> indices = default;
            return _ =>
            {
                getter(ref indices);
                return indices.DenseValues().ToArray();
            };
        }
        if (column.Type is not ImageDataViewType)
            throw new ArgumentOutOfRangeException(
                "scored",
                $"Schema mismatch for column '{column.Name}': expected Vector<Byte> (a class index for each pixel), Image (gray levels that are "
                    + $"class indices) or Text (paths of PNG or BMP files), got {column.Type}"
            );
        ValueGetter<MLImage> image = cursor.GetGetter<MLImage>(column);
        MLImage? shown = null;
        return size =>
        {
            image(ref shown!);
            return Levels(shown, size, cursor.Position, column.Name);
        };
    }

    private static byte[] Levels(MLImage? image, ImageSize size, long row, string column)
    {
        if (image is null || image.Width != size.Width || image.Height != size.Height)
            throw new InvalidDataException(
                $"Row {row}: column '{column}' has {(image is null ? "no image" : $"{image.Width} x {image.Height} pixels")}, the mask "
                    + $"{size.Width} x {size.Height}. Expected as many."
            );
        ReadOnlySpan<byte> pixels = image.Pixels;
        byte[] levels = new byte[pixels.Length / 4];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = pixels[4 * i];
            if (pixels[(4 * i) + 1] != levels[i] || pixels[(4 * i) + 2] != levels[i])
                throw new InvalidDataException(
                    $"Row {row}: column '{column}' has a color at x {i % size.Width}, y {i / size.Width}. Expected gray levels that are class "
                        + "indices."
                );
        }
        return levels;
    }

    private static ArgumentOutOfRangeException Missing(IDataView data, string name) =>
        MissingColumn.In(data.Schema, "", name, "Name the column in SegmentationReportOptions.", "scored");
}
