namespace MLNetExtensions.Imaging.Jpeg;

/// <summary>Where the samples of one component lie that were decoded: a rectangle of whole MCUs.</summary>
internal sealed class JpegSamples
{
    private int _left;
    private int _top;
    private int _height;

    /// <summary>Where in the memory of all components the first one is.</summary>
    public int Offset { get; private set; }

    /// <summary>The samples of a row.</summary>
    public int Width { get; private set; }

    public int Bytes => Width * _height;

    /// <summary>The samples that the whole picture has across; what MCUs have beyond is padding.</summary>
    public int PictureWidth { get; private set; }

    /// <summary>The samples that the whole picture has down.</summary>
    public int PictureHeight { get; private set; }

    public void Place(int offset, int left, int width, int top, int height, int pictureWidth, int pictureHeight) =>
        (Offset, _left, Width, _top, _height, PictureWidth, PictureHeight) = (offset, left, width, top, height, pictureWidth, pictureHeight);

    /// <summary>The address of a sample; positions are those of the whole picture.</summary>
    public unsafe byte* Pixel(byte* samples, int x, int y) => samples + Offset + ((y - _top) * Width) + (x - _left);
}
