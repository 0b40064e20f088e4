using MLNetExtensions.Imaging.Decoding;
using MLNetExtensions.Imaging.Masks;
using SkiaSharp;

namespace MLNetExtensions.Data.Masks;

/// <summary>The mask of an image, drawn of the outlines of its objects when it is asked for.</summary>
/// <param name="file">The file of the annotations, for messages.</param>
/// <param name="width">The image's width in pixels.</param>
/// <param name="height">Its height.</param>
internal sealed class SegmentMask(string file, int width, int height)
{
    private readonly List<(byte Index, CocoSegmentation Outline, string Place)> _objects = [];

    /// <summary>Adds an object.</summary>
    /// <param name="index">The index of its class; 0 is the background.</param>
    /// <param name="outline">Its outline.</param>
    /// <param name="place">Names it in messages.</param>
    public void Add(byte index, CocoSegmentation outline, string place) => _objects.Add((index, outline, place));

    /// <summary>Draws the mask as a gray PNG file, whose levels are class indices.</summary>
    /// <exception cref="InvalidDataException">An outline does not fit the image; the message names the object.</exception>
    public byte[] Encode()
    {
        byte[] plane = new byte[width * height];
        bool[] inside = new bool[plane.Length];
        foreach ((byte index, CocoSegmentation outline, string place) in _objects)
        {
            Array.Clear(inside);
            try
            {
                outline.Fill(width, height, inside);
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException($"'{file}': {place} cannot be drawn: {e.Message}.", e);
            }
            // Of two classes at one place, none is known to be in front: such pixels do not count, as in torchvision's references.
            for (int i = 0; i < plane.Length; i++)
                if (inside[i])
                    plane[i] = plane[i] == 0 || plane[i] == index ? index : (byte)MaskFormat.DefaultIgnoredIndex;
        }
        using SKData png = ImageEncoder.Encode(plane, width, height, jpegQuality: null);
        return png.ToArray();
    }
}
