using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Batches;
using MLNetExtensions.Scoring.Sessions;
using MLNetExtensions.Scoring.Tensors;
using MLNetExtensions.Training;

namespace MLNetExtensions.Compression.Evaluation;

/// <summary>The rows of a view as a model reads them, read once and kept, with their classes where there are labels.</summary>
internal sealed class ModelRows : IDisposable
{
    private const int ReadBatch = 32;

    private readonly ITrainingRows _inputs;

    private ModelRows(ITrainingRows inputs, int[] classes) => (_inputs, Classes) = (inputs, classes);

    /// <summary>The number of rows.</summary>
    public int Count => _inputs.Count;

    /// <summary>The rows' inputs.</summary>
    public ITrainingRows Inputs => _inputs;

    /// <summary>The class of each row, from 0; empty without labels.</summary>
    public int[] Classes { get; }

    /// <summary>Reads a view.</summary>
    /// <param name="run">The call.</param>
    /// <param name="source">The model that is to read the rows.</param>
    /// <param name="data">The view.</param>
    /// <param name="role">The purpose of the rows, for messages.</param>
    /// <param name="needsLabels">True if rows without a label column are an error; otherwise they have no classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type or size than the model's input.</exception>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    public static ModelRows Read(CompressionRun run, SourceModel source, IDataView data, string role, bool needsLabels)
    {
        CompressionOptions options = run.Options;
        DataViewSchema.Column? label = data.Schema.GetColumnOrNull(options.LabelColumnName);
        bool hasClasses = label?.Type is KeyDataViewType;
        if (needsLabels && !hasClasses)
            throw new ArgumentOutOfRangeException(
                nameof(data),
                label is null
                    ? $"The {role} set has no column '{options.LabelColumnName}'. Name the label column in "
                        + $"{nameof(options.LabelColumnName)}, or measure with {nameof(options.Measure)}."
                    : $"Label column '{options.LabelColumnName}' of the {role} set: expected Key, got {label.Value.Type}. Add "
                        + $"MapValueToKey(\"{options.LabelColumnName}\") before, or measure with {nameof(options.Measure)}."
            );
        ModelRows rows = source.Preprocessing is { } preprocessing
            ? ReadImages(run, preprocessing, data, hasClasses)
            : ReadTensors(run, source.Graph, data, hasClasses ? label : null);
        if (rows.Count > 0)
            return rows;
        rows.Dispose();
        throw new InvalidOperationException($"The {role} set is empty: it has no row that can be read.");
    }

    /// <summary>All rows in order, in batches. The memory is valid until the next batch is asked for.</summary>
    /// <param name="size">The rows of a batch; the last may have fewer.</param>
    /// <param name="limit">The most rows, spread over the set.</param>
    public IEnumerable<(int[] Rows, Memory<float>[] Inputs)> Batches(int size, int limit = int.MaxValue)
    {
        int count = Math.Min(limit, Count);
        size = Math.Min(size, count);
        float[][] buffers = [.. _inputs.ItemSizes.Select(item => GC.AllocateUninitializedArray<float>(item * size))];
        for (int start = 0; start < count; start += size)
        {
            int[] rows = [.. Enumerable.Range(start, Math.Min(size, count - start)).Select(i => (int)((long)i * Count / count))];
            _inputs.Fill(rows, RowView.Plain, buffers);
            yield return (rows, [.. buffers.Select((buffer, i) => buffer.AsMemory(0, rows.Length * _inputs.ItemSizes[i]))]);
        }
    }

    public void Dispose() => _inputs.Dispose();

    private static ModelRows ReadImages(CompressionRun run, ImagePreprocessing preprocessing, IDataView data, bool hasClasses)
    {
        CompressionOptions options = run.Options;
        var decoder = new ImageDecoder(preprocessing);
        var images = new ImageStore(decoder, options.MemoryBudget, run.Context.TempFilePath);
        var inputs = new ImageInputs(images, decoder, preprocessing);
        try
        {
            var reader = new ImageRows(
                data,
                decoder,
                new ImageRowsOptions
                {
                    ImageColumnName = options.ImageColumnName,
                    LabelColumnName = hasClasses ? options.LabelColumnName : null,
                    ImageFolder = options.ImageFolder,
                    MaxInvalidImages = options.MaxInvalidImages,
                    Threads = run.Threads,
                }
            );
            var classes = new List<int>();
            foreach (ImageBatch batch in reader.ReadBatches(ReadBatch, options.CancellationToken))
            {
                images.Add(batch);
                if (hasClasses)
                    classes.AddRange(batch.Labels);
            }
            return new ModelRows(inputs, [.. classes]);
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    private static ModelRows ReadTensors(CompressionRun run, OnnxGraph graph, IDataView data, DataViewSchema.Column? label)
    {
        CompressionOptions options = run.Options;
        int[] sizes = [.. graph.Inputs.Select(input => RowSize(data.Schema, input))];
        var cache = new FeatureCache(sizes, options.MemoryBudget, run.Context.TempFilePath);
        try
        {
            DataViewSchema.Column[] columns = [.. graph.Inputs.Select(i => data.Schema[i.Name])];
            using DataViewRowCursor cursor = data.GetRowCursor([.. columns, .. label is { } l ? [l] : (DataViewSchema.Column[])[]]);
            TensorKind kind = TensorKind.Of(OnnxElementType.Float)!;
            TensorColumnReader[] readers = [.. columns.Select(c => kind.NewReader(cursor, c))];
            LabelReader? labels = label is { } column ? LabelReader.Create(cursor, column) : null;
            using var slot = new RowSlot(canvasBytes: 0);
            var classes = new List<int>();
            var row = new FloatingBuffer<float>();
            row.Resize(sizes.Sum());
            while (cursor.MoveNext())
            {
                run.ThrowIfCanceled();
                for (int i = 0, offset = 0; i < readers.Length; offset += sizes[i++])
                {
                    readers[i].Read();
                    readers[i].CopyTo(row, offset);
                }
                if (labels is not null && !labels.Read(slot))
                    throw new InvalidDataException($"Row {cursor.Position} has no label in column '{options.LabelColumnName}'.");
                if (labels is not null)
                    classes.Add(slot.Label);
                cache.Add(row.Items);
            }
            return new ModelRows(cache, [.. classes]);
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>The number of values that a row of the column has for an input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or of another type or size.</exception>
    private static int RowSize(DataViewSchema schema, OnnxValue input)
    {
        if (input.ElementType != OnnxElementType.Float || input.Shape is null)
            throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"The model's input {input} is no float of known rank; compression reads rows for models of such inputs only."
            );
        RowShape row = new TensorSource(input.Name, input.ElementType, Shape: null).ShapeIn(schema);
        return row.Resolve([.. input.Shape.Skip(1).Select(d => d.Size ?? -1)]) is { } sizes && !sizes.Contains(-1)
            ? checked((int)sizes.Aggregate(1L, (product, size) => product * size))
            : throw new ArgumentOutOfRangeException(
                nameof(schema),
                $"Schema mismatch for {row}: the model's input is {input}. Give rows of its size, or Preprocessing where they are images."
            );
    }
}
