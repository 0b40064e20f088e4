using System.Globalization;
using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.Training.Metrics;
using MLNetExtensions.Training.TensorBoard.Proto;

namespace MLNetExtensions.Training.TensorBoard;

/// <summary>
/// Writes an event file for TensorBoard (<c>tensorboard --logdir runs</c>): curves, histograms, images, text and the network's graph.
/// Each writer makes a file of its own, so a resumed run adds a file to its folder and TensorBoard joins them. Thread-safe.
/// </summary>
/// <example><code>
/// using var board = new TensorBoardWriter("runs/first");
/// board.AddScalar("loss/train", 0.7, step: 1);
/// </code></example>
public sealed class TensorBoardWriter : IDisposable
{
    private static int _writers;

    private readonly RecordWriter _records;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>Creates the folder, if it is missing, and the event file in it.</summary>
    /// <param name="folder">The run's folder; TensorBoard names the run after it.</param>
    /// <param name="time">The clock for time stamps; null for the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="folder"/> is empty.</exception>
    /// <exception cref="IOException">The folder or the file cannot be created.</exception>
    public TensorBoardWriter(string folder, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        _time = time ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        // TensorFlow's form: seconds, machine, process, number within the process. The file name must sort by time.
        string machine = string.Concat(Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        Path = System.IO.Path.Combine(
            System.IO.Path.GetFullPath(folder),
            string.Create(
                CultureInfo.InvariantCulture,
                $"events.out.tfevents.{_time.GetUtcNow().ToUnixTimeSeconds():D10}.{machine}.{Environment.ProcessId}.{Interlocked.Increment(ref _writers) - 1}"
            )
        );
        _records = new RecordWriter(new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite, bufferSize: 64 * 1024));
        Write(new Event { FileVersion = "brain.Event:2" });
        Flush();
    }

    /// <summary>The event file's full path.</summary>
    public string Path { get; }

    /// <summary>Adds a point to a curve.</summary>
    /// <param name="tag">The curve's name; the part before the first '/' groups curves.</param>
    /// <param name="value">The value; TensorBoard keeps it as a float.</param>
    /// <param name="step">The training step or epoch: the x value.</param>
    public void AddScalar(string tag, double value, long step) => Write(tag, step, new Summary.Types.Value { SimpleValue = (float)value });

    /// <summary>Adds a histogram of values, such as weights or gradients.</summary>
    /// <param name="tag">The histogram's name.</param>
    /// <param name="values">The values; NaNs are skipped.</param>
    /// <param name="step">The training step or epoch.</param>
    public void AddHistogram(string tag, ReadOnlySpan<float> values, long step) =>
        Write(tag, step, new Summary.Types.Value { Histo = HistogramBuckets.Count(values) });

    /// <summary>Adds an image.</summary>
    /// <param name="tag">The image's name.</param>
    /// <param name="planes">[3, height, width] bytes, planar RGB of 0 to 255.</param>
    /// <param name="width">The width in pixels.</param>
    /// <param name="height">The height in pixels.</param>
    /// <param name="step">The training step or epoch.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public void AddImage(string tag, ReadOnlySpan<byte> planes, int width, int height, long step) =>
        AddImageGrid(tag, planes, width, height, step, columns: 1, padding: 0);

    /// <summary>Adds several images of equal size as one, side by side, such as a batch after augmentation.</summary>
    /// <param name="tag">The image's name.</param>
    /// <param name="batch">[images, 3, height, width] bytes, planar RGB of 0 to 255.</param>
    /// <param name="width">The width of each image in pixels.</param>
    /// <param name="height">The height of each image in pixels.</param>
    /// <param name="step">The training step or epoch.</param>
    /// <param name="columns">The number of images in a row.</param>
    /// <param name="padding">The width of the black border around each image, in pixels.</param>
    /// <exception cref="ArgumentException">The sizes do not fit.</exception>
    public void AddImageGrid(string tag, ReadOnlySpan<byte> batch, int width, int height, long step, int columns = 8, int padding = 2) =>
        AddImage(tag, ImageGrid.Create(batch, width, height, columns, padding), step);

    /// <summary>
    /// Adds an image of a confusion matrix: a row for each class, darker for larger counts, with the classes' names beside it.
    /// </summary>
    /// <param name="tag">The image's name.</param>
    /// <param name="matrix">The counts.</param>
    /// <param name="step">The training step or epoch.</param>
    public void AddConfusionMatrix(string tag, ClassConfusionMatrix matrix, long step)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        AddImage(tag, ConfusionImage.Draw(matrix), step);
    }

    /// <summary>Adds text: settings, a report.</summary>
    /// <param name="tag">The text's name.</param>
    /// <param name="markdown">The text, in Markdown.</param>
    /// <param name="step">The training step or epoch.</param>
    public void AddText(string tag, string markdown, long step)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        var tensor = new TensorProto { Dtype = DataType.DtString, TensorShape = new TensorShapeProto() };
        tensor.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = 1 });
        tensor.StringVal.Add(ByteString.CopyFromUtf8(markdown));
        var plugin = new SummaryMetadata.Types.PluginData { PluginName = "text" };
        Write(
            tag,
            step,
            new Summary.Types.Value
            {
                Tensor = tensor,
                Metadata = new SummaryMetadata { PluginData = plugin },
            }
        );
    }

    /// <summary>Adds the network's graph; TensorBoard shows one per run.</summary>
    /// <param name="graph">The network. Its weights are not written.</param>
    public void AddGraph(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Write(new Event { GraphDef = GraphDefinition.Of(graph).ToByteString() });
    }

    /// <summary>Flushes everything to the system, so that TensorBoard sees it.</summary>
    /// <exception cref="IOException">It could not be written, for example because the disk is full.</exception>
    public void Flush()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _records.Flush();
        }
    }

    /// <summary>Writes the rest and closes the file.</summary>
    /// <exception cref="IOException">It could not be written, for example because the disk is full.</exception>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _records.Dispose();
        }
    }

    private void AddImage(string tag, RgbImage image, long step) =>
        Write(
            tag,
            step,
            new Summary.Types.Value
            {
                Image = new Summary.Types.Image
                {
                    Width = image.Width,
                    Height = image.Height,
                    Colorspace = 3, // RGB
                    EncodedImageString = ByteString.CopyFrom(image.ToPng()),
                },
            }
        );

    private void Write(string tag, long step, Summary.Types.Value value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        value.Tag = tag;
        var summary = new Summary();
        summary.Value.Add(value);
        Write(new Event { Step = step, Summary = summary });
    }

    private void Write(Event what)
    {
        what.WallTime = _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        byte[] record = what.ToByteArray();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _records.Write(record);
        }
    }
}
