using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetExtensions.Data.Masks;

/// <summary>Reads <see cref="CocoSegmentation"/>, which is an array or an object in JSON; or passes over it.</summary>
/// <param name="isWanted">False to pass over it: outlines are most of a file.</param>
internal sealed class CocoSegmentationConverter(bool isWanted) : JsonConverter<CocoSegmentation?>
{
    public override CocoSegmentation? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (!isWanted)
        {
            reader.Skip();
            return null;
        }
        if (reader.TokenType == JsonTokenType.StartArray)
            return new CocoSegmentation(Polygons(ref reader), 0, 0, null, null);
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Expected("an array of polygons, or an object with size and counts");
        List<long>? size = null,
            counts = null;
        string? packed = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (name == "size")
                size = Integers(ref reader);
            else if (name == "counts" && reader.TokenType == JsonTokenType.String)
                packed = reader.GetString();
            else if (name == "counts")
                counts = Integers(ref reader);
            else
                reader.Skip();
        }
        return size is [> 0 and <= int.MaxValue, > 0 and <= int.MaxValue] && (counts is not null || packed is not null)
            ? new CocoSegmentation(null, (int)size[0], (int)size[1], counts, packed)
            : throw Expected("size (height, width) and counts");
    }

    public override void Write(Utf8JsonWriter writer, CocoSegmentation? value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Annotations are read, not written.");

    private static List<double[]> Polygons(ref Utf8JsonReader reader)
    {
        List<double[]> polygons = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            List<double> points = [];
            while (reader.Read() && reader.TokenType == JsonTokenType.Number)
                points.Add(reader.GetDouble());
            if (reader.TokenType != JsonTokenType.EndArray)
                throw Expected("numbers, x and y of each corner");
            polygons.Add([.. points]);
        }
        return reader.TokenType == JsonTokenType.EndArray ? polygons : throw Expected("an array of polygons");
    }

    private static List<long> Integers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Expected("an array of whole numbers");
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
            numbers.Add(reader.TryGetInt64(out long number) ? number : throw Expected("an array of whole numbers"));
        return reader.TokenType == JsonTokenType.EndArray ? numbers : throw Expected("an array of whole numbers");
    }

    private static JsonException Expected(string what) => new($"A segmentation is none of COCO's: expected {what}.");
}
