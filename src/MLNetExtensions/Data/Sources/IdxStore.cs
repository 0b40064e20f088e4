using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data.Sources;

/// <summary>The images of an IDX file, in memory as MNIST's 47 MB are; each becomes a BMP file when it is asked for.</summary>
internal sealed class IdxStore(IdxFile images) : IImageStore, IImageReader
{
    public IImageReader Open() => this;

    public void Read(int row, ref VBuffer<byte> encoded)
    {
        int height = images.Sizes[1],
            width = images.Sizes[2],
            bytes = images.Sizes.Skip(1).Aggregate((a, b) => a * b);
        ReadOnlySpan<byte> pixels = images.Values.AsSpan(row * bytes, bytes);
        VBufferEditor<byte> editor = VBufferEditor.Create(ref encoded, BitmapFile.Length(width, height));
        if (images.Sizes.Length == 3)
        {
            BitmapFile.WritePlanes(pixels, width, height, editor.Values);
        }
        else
        {
            byte[] planes = new byte[bytes];
            for (int i = 0; i < bytes; i++)
                planes[(i % 3 * width * height) + (i / 3)] = pixels[i];
            BitmapFile.WritePlanes(planes, width, height, editor.Values);
        }
        encoded = editor.Commit();
    }

    public void Dispose() { }
}
