using System.Text.Json;
using MLNetExtensions.Tool.Invocation;

namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>What a JSON file of annotations is, seen from its first members.</summary>
/// <param name="Format">COCO or VoTT; null for another file.</param>
/// <param name="FirstImage">COCO's name of the first image; null if there is none.</param>
internal sealed record JsonAnnotations(AnnotationFormat? Format, string? FirstImage)
{
    /// <summary>Looks at a file.</summary>
    /// <exception cref="UsageException">It is not JSON.</exception>
    public static JsonAnnotations Look(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        // Byte order marks are no part of JSON.
        ReadOnlySpan<byte> text = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes;
        try
        {
            return Look(new Utf8JsonReader(text));
        }
        catch (JsonException error)
        {
            throw new UsageException($"'{path}' is not JSON: {error.Message}", error);
        }
    }

    private static JsonAnnotations Look(Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return new JsonAnnotations(null, null);
        bool isCoco = false;
        string? image = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == "assets")
                return new JsonAnnotations(AnnotationFormat.Vott, null);
            isCoco |= name is "annotations" or "categories";
            if (name == "images" && reader.TokenType == JsonTokenType.StartArray)
                image = FirstName(ref reader);
            else
                reader.Skip();
            // All of a large file is not needed.
            if (isCoco && image is not null)
                break;
        }
        return new JsonAnnotations(isCoco ? AnnotationFormat.Coco : null, image);
    }

    /// <summary>The file name of an array's first image; the reader is at its end then.</summary>
    private static string? FirstName(ref Utf8JsonReader reader)
    {
        int depth = reader.CurrentDepth;
        string? name = null;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            if (name is not null || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("file_name"u8))
                continue;
            reader.Read();
            name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        return name;
    }
}
