using Microsoft.ML.Data;
using MLNetExtensions.Imaging;

namespace MLNetExtensions.Data.Sources;

/// <summary>Reads encoded images. Not thread-safe.</summary>
internal interface IImageReader : IDisposable
{
    /// <exception cref="InvalidImageException">The image cannot be read.</exception>
    void Read(int row, ref VBuffer<byte> encoded);
}
