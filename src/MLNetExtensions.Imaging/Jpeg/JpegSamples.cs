namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>The decoded samples of one component: a rectangle of whole MCUs.</summary>
internal sealed class JpegSamples
{
    private int _left;
    private int _top;
    private int _height;

    /// <summary>The offset of this component's first sample in the memory of all components.</summary>
    public int Offset { get; private set; }

    /// <summary>The samples of a row.</summary>
    public int Width { get; private set; }

    public int Bytes => Width * _height;

    /// <summary>The samples that the whole image has across; what MCUs have beyond is padding.</summary>
    public int ImageWidth { get; private set; }

    /// <summary>The samples that the whole image has down.</summary>
    public int ImageHeight { get; private set; }

    public void Place(int offset, int left, int width, int top, int height, int imageWidth, int imageHeight) =>
        (Offset, _left, Width, _top, _height, ImageWidth, ImageHeight) = (offset, left, width, top, height, imageWidth, imageHeight);

    /// <summary>The address of a sample; positions are those of the whole image.</summary>
    public unsafe byte* Pixel(byte* samples, int x, int y) => samples + Offset + ((y - _top) * Width) + (x - _left);
}
