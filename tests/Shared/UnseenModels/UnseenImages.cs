using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using SkiaSharp;

namespace MLNetExtensions.UnseenModels;

/// <summary>
/// Drawn image files of two classes: bright with horizontal stripes, reddish; dark with vertical stripes, bluish. Gray where the network's
/// images have one channel. They have the network's size, so that nothing is resized.
/// </summary>
internal sealed class UnseenImages
{
    public const int Count = 24;

    private readonly byte[][] _pixels;
    private readonly int _side,
        _channels;

    /// <param name="folder">Where the files are written.</param>
    /// <param name="side">Width and height.</param>
    /// <param name="channels">1, 3, or 4 with an opaque alpha channel.</param>
    public UnseenImages(string folder, int side, int channels)
    {
        (_side, _channels) = (side, channels);
        _pixels = [.. Enumerable.Range(0, Count).Select(Draw)];
        Rows =
        [
            .. _pixels.Select(
                (pixels, i) => new Row { Image = Save(Path.Combine(folder, $"{i}.png"), pixels), Label = i % 2 == 0 ? "bright" : "dark" }
            ),
        ];
    }

    public IReadOnlyList<Row> Rows { get; }

    /// <summary>Image (a path), Label (a key).</summary>
    public IDataView Load(MLContext ml)
    {
        IDataView rows = ml.Data.LoadFromEnumerable(Rows);
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
    }

    /// <summary>An image as a network's input by its definition: (value * scale - mean) / deviation, in the network's layout.</summary>
    public float[] Input(int index, ImagePreprocessing preprocessing, bool isChannelsLast)
    {
        int plane = _side * _side;
        var values = new float[plane * _channels];
        for (int pixel = 0; pixel < plane; pixel++)
        for (int channel = 0; channel < _channels; channel++)
        {
            int source =
                _channels >= 3 && channel < 3 && preprocessing.Channels.ToString().StartsWith("Bgr", StringComparison.Ordinal)
                    ? 2 - channel
                    : channel;
            float value = source == 3 ? 255 : _pixels[index][(pixel * 3) + source];
            value = ((value * preprocessing.Scale) - preprocessing.Mean[channel]) / preprocessing.StandardDeviation[channel];
            values[isChannelsLast ? (pixel * _channels) + channel : (channel * plane) + pixel] = value;
        }
        return values;
    }

    private byte[] Draw(int index)
    {
        var random = new Random(index);
        bool isBright = index % 2 == 0;
        var pixels = new byte[_side * _side * 3];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int pixel, int channel) = (i / 3, i % 3);
            int line = isBright ? pixel / _side : pixel % _side;
            int tint =
                _channels == 1 ? 0
                : isBright ? 25 - (25 * channel)
                : (25 * channel) - 25;
            if (_channels == 1 && channel > 0)
                pixels[i] = pixels[i - channel];
            else
                pixels[i] = (byte)Math.Clamp((isBright ? 165 : 90) + (line / 2 % 2 * 30) + tint + random.Next(-25, 25), 0, 255);
        }
        return pixels;
    }

    private string Save(string path, byte[] pixels)
    {
        using var bitmap = new SKBitmap(
            new SKImageInfo(_side, _side, SKColorType.Bgra8888, _channels == 4 ? SKAlphaType.Unpremul : SKAlphaType.Opaque)
        );
        for (int i = 0; i < _side * _side; i++)
            bitmap.SetPixel(i % _side, i / _side, new SKColor(pixels[3 * i], pixels[(3 * i) + 1], pixels[(3 * i) + 2]));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
        return path;
    }

    internal sealed class Row
    {
        public string Image { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
