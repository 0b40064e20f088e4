using Microsoft.OpenApi;

namespace WebAppSample.Images;

/// <summary>
/// Describes requests with an image in the OpenAPI document. <c>Accepts</c> would also refuse requests by the type that they declare; here
/// the content counts.
/// </summary>
internal static class ImageRequestDocument
{
    public static RouteGroupBuilder AcceptsImage(this RouteGroupBuilder group)
    {
        foreach (
            int status in new[]
            {
                StatusCodes.Status400BadRequest,
                StatusCodes.Status413PayloadTooLarge,
                StatusCodes.Status415UnsupportedMediaType,
                StatusCodes.Status422UnprocessableEntity,
                StatusCodes.Status429TooManyRequests,
            }
        )
            group.ProducesProblem(status);
        return group.AddOpenApiOperationTransformer(
            (operation, _, _) =>
            {
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Description = "JPEG, PNG, WebP, GIF or BMP: the file's bytes, or a form with one file.",
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        ["image/*"] = new() { Schema = File() },
                        ["multipart/form-data"] = new()
                        {
                            Schema = new OpenApiSchema
                            {
                                Type = JsonSchemaType.Object,
                                Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = File() },
                                Required = new HashSet<string> { "file" },
                            },
                        },
                    },
                };
                return Task.CompletedTask;
            }
        );
    }

    private static OpenApiSchema File() => new() { Type = JsonSchemaType.String, Format = "binary" };
}
