using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Pixels;
using MLNetExtensions.Scoring.Tensors;

namespace MLNetExtensions.Scoring.Batches;

/// <summary>
/// Writes canvases, planar bytes, as a network's input: center crop, channel order, arithmetic and layout in one pass. <c>(x - offset) *
/// factor</c>, channel by channel, is also how ML.NET's ExtractPixels computes.
/// </summary>
internal sealed class PixelWriter
{
    private readonly int _canvasWidth,
        _canvasHeight,
        _left,
        _top,
        _width,
        _height;
    private readonly int[] _planes;
    private readonly float[] _offsets,
        _factors;
    private readonly bool _channelsLast;

    private PixelWriter(
        int canvasWidth,
        int canvasHeight,
        int width,
        int height,
        int[] planes,
        float[] offsets,
        float[] factors,
        bool channelsLast,
        bool hasChannels = true
    )
    {
        (_canvasWidth, _canvasHeight, _width, _height) = (canvasWidth, canvasHeight, width, height);
        (_left, _top) = ((canvasWidth - width) / 2, (canvasHeight - height) / 2);
        // One channel lies the same way in either layout.
        (_planes, _offsets, _factors, _channelsLast) = (planes, offsets, factors, channelsLast && planes.Length > 1);
        Shape =
            !hasChannels ? [height, width]
            : channelsLast ? [height, width, planes.Length]
            : [planes.Length, height, width];
    }

    /// <summary>The dimensions of an image in the input.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>Writes whole canvases, values as they are: for graphs that do the rest.</summary>
    public static PixelWriter Canvas(ImagePreprocessing preprocessing) =>
        new(
            preprocessing.CanvasWidth,
            preprocessing.CanvasHeight,
            preprocessing.CanvasWidth,
            preprocessing.CanvasHeight,
            [.. Enumerable.Range(0, preprocessing.ChannelCount)],
            new float[preprocessing.ChannelCount],
            [.. Enumerable.Repeat(1f, preprocessing.ChannelCount)],
            channelsLast: false
        );

    /// <summary>Writes what a network expects.</summary>
    /// <param name="preprocessing">That preprocessing.</param>
    /// <param name="sizes">The sizes of the network's input, batch included: they say where a single channel is, if it has a dimension at
    /// all.</param>
    public static PixelWriter Input(ImagePreprocessing preprocessing, IReadOnlyList<long>? sizes = null)
    {
        float[] offsets = [.. preprocessing.Mean.Select(mean => (float)((double)mean / preprocessing.Scale))];
        float[] factors = [.. preprocessing.StandardDeviation.Select(deviation => (float)((double)preprocessing.Scale / deviation))];
        return new PixelWriter(
            preprocessing.CanvasWidth,
            preprocessing.CanvasHeight,
            preprocessing.Width,
            preprocessing.Height,
            preprocessing.PlaneOrder.ToArray(),
            offsets,
            factors,
            preprocessing.ChannelCount == 1 && sizes is [_, _, _, var last] ? last == 1 : preprocessing.ChannelsLast,
            hasChannels: !(preprocessing.ChannelCount == 1 && sizes is [_, _, _])
        );
    }

    /// <summary>Writes what ML.NET's ExtractPixels gives.</summary>
    /// <param name="width">The width of the canvas.</param>
    /// <param name="height">The height of the canvas.</param>
    /// <param name="planes">For each channel in the result, the plane that it is: 0 red, 1 green, 2 blue.</param>
    /// <param name="offset">Subtracted from each value.</param>
    /// <param name="factor">Multiplies the difference.</param>
    /// <param name="channelsLast">True if the channels of a pixel lie together.</param>
    public static PixelWriter Extract(int width, int height, int[] planes, float offset, float factor, bool channelsLast) =>
        new(
            width,
            height,
            width,
            height,
            planes,
            [.. Enumerable.Repeat(offset, planes.Length)],
            [.. Enumerable.Repeat(factor, planes.Length)],
            channelsLast
        );

    /// <summary>Writes an image.</summary>
    /// <param name="canvas">[channels, CanvasHeight, CanvasWidth].</param>
    /// <param name="buffer">The input: floats, or bytes where values are taken as they are.</param>
    /// <param name="row">The image's place in it.</param>
    public void Write(ReadOnlySpan<byte> canvas, TensorBuffer buffer, int row)
    {
        int length = _planes.Length * _width * _height;
        if (buffer is TensorBuffer<byte> bytes)
            Write(canvas, bytes.Items.Slice(row * length, length));
        else
            Write(canvas, ((TensorBuffer<float>)buffer).Items.Slice(row * length, length));
    }

    /// <summary>Writes an image as floats.</summary>
    /// <param name="canvas">[channels, CanvasHeight, CanvasWidth].</param>
    /// <param name="target">The image's place in the input.</param>
    public void Write(ReadOnlySpan<byte> canvas, Span<float> target)
    {
        if (!_channelsLast && _width == _canvasWidth && _height == _canvasHeight)
        {
            int plane = _width * _height;
            for (int channel = 0; channel < _planes.Length; channel++)
                PlanarPixels.Scale(
                    canvas.Slice(_planes[channel] * plane, plane),
                    target.Slice(channel * plane, plane),
                    _offsets[channel],
                    _factors[channel]
                );
            return;
        }
        Span<float> line = stackalloc float[Math.Min(_width, MaxLine)];
        for (int channel = 0; channel < _planes.Length; channel++)
        for (int y = 0; y < _height; y++)
        {
            ReadOnlySpan<byte> from = Line(canvas, channel, y);
            if (!_channelsLast)
            {
                PlanarPixels.Scale(from, target.Slice(((channel * _height) + y) * _width, _width), _offsets[channel], _factors[channel]);
                continue;
            }
            for (int start = 0; start < _width; start += line.Length)
            {
                ReadOnlySpan<byte> part = from.Slice(start, Math.Min(line.Length, _width - start));
                PlanarPixels.Scale(part, line, _offsets[channel], _factors[channel]);
                int to = (((y * _width) + start) * _planes.Length) + channel;
                for (int x = 0; x < part.Length; x++)
                    target[to + (x * _planes.Length)] = line[x];
            }
        }
    }

    private void Write(ReadOnlySpan<byte> canvas, Span<byte> target)
    {
        for (int channel = 0; channel < _planes.Length; channel++)
        for (int y = 0; y < _height; y++)
        {
            ReadOnlySpan<byte> from = Line(canvas, channel, y);
            if (_channelsLast)
                for (int x = 0; x < _width; x++)
                    target[(((y * _width) + x) * _planes.Length) + channel] = from[x];
            else
                from.CopyTo(target[(((channel * _height) + y) * _width)..]);
        }
    }

    private const int MaxLine = 1024;

    private ReadOnlySpan<byte> Line(ReadOnlySpan<byte> canvas, int channel, int y) =>
        canvas.Slice((((_planes[channel] * _canvasHeight) + _top + y) * _canvasWidth) + _left, _width);
}
