using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Data.Splits;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Inspection;

/// <summary>Reads a view once and probes its images on several threads.</summary>
internal sealed class ImageReading(InspectOptions options)
{
    private readonly ConcurrentBag<ImageProbe> _probes = [];

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public List<ImageFacts> Read(string part, IDataView data)
    {
        DataViewSchema.Column image = FindImage(data.Schema);
        var pixelLabels = new PixelLabels(data.Schema, options.ImageFolder);
        // The labels of boxes are none of the image.
        DataViewSchema.Column? label = options.LabelColumnName is null
            ? pixelLabels.Boxes is null
                ? data.Schema.GetColumnOrNull(DefaultColumnNames.Label)
                : null
            : data.Schema.GetColumnOrNull(options.LabelColumnName) ?? throw Missing(data.Schema, options.LabelColumnName);
        DataViewSchema.Column? path = data.Schema.GetColumnOrNull(DefaultColumnNames.ImagePath) is { Type: TextDataViewType } named
            ? named
            : null;
        List<DataViewSchema.Column> columns = [image, .. pixelLabels.Columns];
        if (label is { } l)
            columns.Add(l);
        if (path is { } p)
            columns.Add(p);

        List<ImageFacts> all = [];
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        Func<string>? readLabel = label is { } labels ? ColumnText.Reader(cursor, labels) : null;
        Func<string>? readPath = path is { } paths ? ColumnText.Reader(cursor, paths) : null;
        Action<ImageFacts> readPixelLabels = pixelLabels.Open(cursor);
        Slots slots = Open(cursor, image);
        while (true)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            int count = 0;
            for (; count < slots.Capacity && cursor.MoveNext(); count++)
            {
                string? shown = readPath?.Invoke();
                var facts = new ImageFacts
                {
                    Image = new ImageReference(part, cursor.Position, shown is "" ? null : shown, readLabel?.Invoke()),
                };
                all.Add(facts);
                readPixelLabels(facts);
                Guard(facts, () => slots.Read(count, facts));
            }
            if (count == 0)
                return all;
            int start = all.Count - count;
            Run(
                count,
                i =>
                {
                    if (all[start + i].BadReason is null)
                        Guard(all[start + i], () => slots.Probe(i, all[start + i]));
                    pixelLabels.Probe(all[start + i]);
                }
            );
        }
    }

    private void Run(int count, Action<int> body)
    {
        try
        {
            Parallel.For(
                0,
                count,
                new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = options.Cancellation },
                body
            );
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static void Guard(ImageFacts facts, Action read)
    {
        try
        {
            read();
        }
        catch (InvalidImageException e)
        {
            facts.BadReason = e.Reason;
        }
    }

    private DataViewSchema.Column FindImage(DataViewSchema schema)
    {
        if (options.ImageColumnName is not null)
            return schema.GetColumnOrNull(options.ImageColumnName) ?? throw Missing(schema, options.ImageColumnName);
        return schema.GetColumnOrNull(DefaultColumnNames.Image)
            ?? schema.GetColumnOrNull(DefaultColumnNames.ImagePath)
            ?? throw Missing(schema, "Image' or 'ImagePath");
    }

    private static ArgumentOutOfRangeException Missing(DataViewSchema schema, string name) =>
        MissingColumn.In(schema, "", name, "Name the column in InspectOptions.", "data");

    private Slots Open(DataViewRowCursor cursor, DataViewSchema.Column image)
    {
        int ahead = 8 * options.Threads;
        return image.Type switch
        {
            TextDataViewType => new PathSlots(this, ahead, cursor.GetGetter<ReadOnlyMemory<char>>(image)),
            VectorDataViewType { IsKnownSize: false } vector when vector.ItemType == NumberDataViewType.Byte => new ByteSlots(
                this,
                ahead,
                cursor.GetGetter<VBuffer<byte>>(image)
            ),
            ImageDataViewType => new ImageSlots(this, cursor.GetGetter<MLImage>(image)),
            _ => throw new ArgumentOutOfRangeException(
                "data",
                $"Schema mismatch for column '{image.Name}': expected text (paths), Vector<Byte> of unknown size "
                    + $"(encoded images) or Image, got {image.Type}"
            ),
        };
    }

    private ImageProbe Rent() => _probes.TryTake(out ImageProbe? probe) ? probe : new ImageProbe();

    /// <summary>Images between the cursor, one thread, and the probes, many.</summary>
    private abstract class Slots(int capacity)
    {
        public int Capacity => capacity;

        public abstract void Read(int slot, ImageFacts facts);

        public abstract void Probe(int slot, ImageFacts facts);
    }

    private sealed class PathSlots(ImageReading reading, int capacity, ValueGetter<ReadOnlyMemory<char>> getter) : Slots(capacity)
    {
        private readonly string[] _paths = new string[capacity];

        public override void Read(int slot, ImageFacts facts)
        {
            ReadOnlyMemory<char> path = default;
            getter(ref path);
            if (path.IsEmpty)
                throw new InvalidImageException(facts.Image.Row, null, "its path is empty");
            _paths[slot] = reading.Folder is { } folder ? Path.Combine(folder, path.ToString()) : path.ToString();
        }

        public override void Probe(int slot, ImageFacts facts)
        {
            ImageProbe probe = reading.Rent();
            probe.ProbeFile(_paths[slot], facts);
            reading._probes.Add(probe);
        }
    }

    private sealed class ByteSlots(ImageReading reading, int capacity, ValueGetter<VBuffer<byte>> getter) : Slots(capacity)
    {
        private readonly VBuffer<byte>[] _encoded = new VBuffer<byte>[capacity];

        public override void Read(int slot, ImageFacts facts) => getter(ref _encoded[slot]);

        public override void Probe(int slot, ImageFacts facts)
        {
            ImageProbe probe = reading.Rent();
            probe.Probe(_encoded[slot].IsDense ? _encoded[slot].GetValues() : [.. _encoded[slot].DenseValues()], facts);
            reading._probes.Add(probe);
        }
    }

    // An image lives only until the cursor moves on.
    private sealed class ImageSlots(ImageReading reading, ValueGetter<MLImage> getter) : Slots(1)
    {
        private MLImage? _image;

        public override void Read(int slot, ImageFacts facts)
        {
            try
            {
                getter(ref _image!);
            }
            catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException)
            {
                throw new InvalidImageException(facts.Image.Row, facts.Image.Path, $"it could not be loaded ({e.Message})", e);
            }
            if (_image is null)
                throw new InvalidImageException(facts.Image.Row, facts.Image.Path, "there is no image");
        }

        public override void Probe(int slot, ImageFacts facts)
        {
            ImageProbe probe = reading.Rent();
            probe.Probe(_image!, facts);
            reading._probes.Add(probe);
        }
    }

    private string? Folder => options.ImageFolder;
}
