using System.Text.Json.Nodes;

namespace MLNetExtensions.Tool.Predicting;

/// <summary>Predictions as JSON: one list, or an object a line.</summary>
internal sealed class JsonPredictionWriter(TextWriter writer, bool isArray) : IPredictionWriter
{
    private bool _isFirst = true;

    public void Write(Prediction prediction)
    {
        var node = new JsonObject
        {
            ["path"] = prediction.Path,
            ["top"] = new JsonArray([.. prediction.Top.Select(c => (JsonNode)new JsonObject { ["label"] = c.Label, ["score"] = c.Score })]),
        };
        if (prediction.Problem is not null)
            node["problem"] = prediction.Problem;
        writer.Write(isArray ? (_isFirst ? "[\n" : ",\n") : "");
        writer.Write(node.ToJsonString() + (isArray ? "" : "\n"));
        _isFirst = false;
    }

    public void Dispose()
    {
        if (isArray)
            writer.Write(_isFirst ? "[]\n" : "\n]\n");
    }
}
