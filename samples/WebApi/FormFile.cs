using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace WebApiSample;

/// <summary>The file of a form (multipart/form-data), as it arrives: IFormFile would first write it to the disk.</summary>
internal static class FormFile
{
    // RFC 2046.
    private const int MaxBoundary = 70;

    /// <summary>Goes to the form's first file.</summary>
    /// <returns>Its content; null where there is none.</returns>
    /// <exception cref="InvalidDataException">It is no form of this kind, or is cut short.</exception>
    public static async Task<Stream?> OpenAsync(HttpRequest request, CancellationToken cancellation)
    {
        string? boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value
            : null;
        if (boundary is not { Length: > 0 and <= MaxBoundary })
            throw new InvalidDataException("A form with a file is multipart/form-data with a boundary.");
        var reader = new MultipartReader(boundary, request.Body);
        try
        {
            while (await reader.ReadNextSectionAsync(cancellation) is { } section)
                if (section.GetContentDispositionHeader()?.IsFileDisposition() == true)
                    return section.Body;
            return null;
        }
        catch (IOException error)
        {
            throw new InvalidDataException("The form is cut short.", error);
        }
    }
}
