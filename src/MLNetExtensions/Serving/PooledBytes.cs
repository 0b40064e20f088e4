using System.Buffers;
using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Serving;

/// <summary>Bytes that were read into an array of the shared pool.</summary>
internal sealed class PooledBytes(byte[] array, int length) : RequestImage
{
    public override void Decode(ImageDecoder decoder, Span<byte> canvas) => decoder.DecodeBytes(array.AsSpan(0, length), canvas);

    public override void Release() => ArrayPool<byte>.Shared.Return(array);

    /// <summary>Reads a stream to its end.</summary>
    /// <exception cref="InvalidImageException">It is longer than allowed.</exception>
    public static async Task<PooledBytes> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellation)
    {
        byte[] array = ArrayPool<byte>.Shared.Rent(16 << 10);
        int length = 0;
        try
        {
            while (true)
            {
                if (length == array.Length)
                {
                    byte[] longer = ArrayPool<byte>.Shared.Rent(checked((int)Math.Min(2L * array.Length, Array.MaxLength)));
                    array.CopyTo(longer, 0);
                    ArrayPool<byte>.Shared.Return(array);
                    array = longer;
                }
                int read = await stream.ReadAsync(array.AsMemory(length), cancellation).ConfigureAwait(false);
                if (read == 0)
                    return new PooledBytes(array, length);
                length += read;
                if (length > maxBytes)
                    throw TooLong(maxBytes);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(array);
            throw;
        }
    }

    public static InvalidImageException TooLong(int maxBytes) =>
        new(-1, null, $"it has more than the {maxBytes} bytes that MaxEncodedBytes allows") { IsTooLarge = true };
}
