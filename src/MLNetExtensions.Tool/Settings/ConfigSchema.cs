using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MLNetExtensions.Tool.Settings;

/// <summary>The JSON schema of configuration files, for editors.</summary>
internal static class ConfigSchema
{
    public static string Write() =>
        new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Settings of mlnetx train",
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(TrainSettings.All.Select(s => KeyValuePair.Create(s.Name, (JsonNode?)Of(s)))),
        }.ToJsonString(
            new JsonSerializerOptions
            {
                WriteIndented = true,
                NewLine = "\n",
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        ) + "\n";

    private static JsonObject Of(Setting setting)
    {
        var schema = new JsonObject { ["description"] = setting.Help };
        switch (setting.Kind)
        {
            case SettingKind.Switch:
                schema["type"] = "boolean";
                break;
            case SettingKind.Integer:
                schema["type"] = "integer";
                break;
            case SettingKind.Number:
                schema["type"] = "number";
                break;
            case SettingKind.Choice:
                schema["enum"] = new JsonArray([.. setting.Choices.Select(choice => (JsonNode)choice)]);
                break;
            case SettingKind.Numbers:
                schema["type"] = new JsonArray("array", "string", "number");
                schema["items"] = new JsonObject { ["type"] = "number" };
                break;
            case SettingKind.Layers:
                schema["anyOf"] = new JsonArray(
                    new JsonObject { ["enum"] = new JsonArray("head", "all") },
                    new JsonObject { ["type"] = "integer", ["minimum"] = 1 }
                );
                break;
            default:
                schema["type"] = new JsonArray("string", "number");
                break;
        }
        return schema;
    }
}
