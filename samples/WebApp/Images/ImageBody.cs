using System.Buffers;
using FormFile = WebApiSample.FormFile;

namespace WebAppSample.Images;

/// <summary>Reads the image of a request: its body, or the first file of its form.</summary>
internal static class ImageBody
{
    private const int Chunk = 1 << 16;

    /// <summary>Reads at most so many bytes.</summary>
    /// <exception cref="RejectedImageException">There is no image (400), or it is larger (413).</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > maxBytes + (long)Chunk)
            throw TooLarge(maxBytes);
        Stream source = request.HasFormContentType && IsMultipart(request) ? await OpenFormAsync(request, cancellation) : request.Body;
        byte[] chunk = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            using var image = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, maxBytes));
            int read;
            while ((read = await source.ReadAsync(chunk, cancellation)) > 0)
            {
                if (image.Length + read > maxBytes)
                    throw TooLarge(maxBytes);
                image.Write(chunk, 0, read);
            }
            return image.Length > 0
                ? image.ToArray()
                : throw new RejectedImageException(
                    StatusCodes.Status400BadRequest,
                    "The request holds no image.",
                    "Send it as the body (curl --data-binary @photo.jpg) or as the file of a form (curl -F file=@photo.jpg)."
                );
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            throw CutShort(error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static bool IsMultipart(HttpRequest request) =>
        request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    private static async Task<Stream> OpenFormAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await FormFile.OpenAsync(request, cancellation)
                ?? throw new RejectedImageException(
                    StatusCodes.Status400BadRequest,
                    "The form holds no file.",
                    "Send a form with one file: curl -F file=@photo.jpg"
                );
        }
        catch (InvalidDataException error)
        {
            throw CutShort(error);
        }
    }

    private static RejectedImageException TooLarge(int maxBytes) =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            "The file is too large.",
            $"At most {maxBytes} bytes are taken (WebApp:MaxImageBytes). Make the image smaller."
        );

    private static RejectedImageException CutShort(Exception error) =>
        new(StatusCodes.Status400BadRequest, "The request cannot be read.", error.Message);
}
