using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;
using Microsoft.Extensions.FileProviders;

namespace MLNetExtensions.Reports.Rendering;

/// <summary>Renders the page from the templates of this assembly.</summary>
internal static class HtmlPage
{
    private const string Folder = "MLNetExtensions.Reports.Templates";

    private static readonly Assembly Own = typeof(HtmlPage).Assembly;
    private static readonly FluidParser Parser = new();
    private static readonly Lazy<IFluidTemplate> Template = new(() => Parser.Parse(Resource("report.liquid")));
    private static readonly TemplateOptions Options = CreateOptions();

    // Letters of all languages stay as they are; what HTML has a meaning for does not.
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>Writes the page.</summary>
    public static async Task WriteAsync(PageView view, TextWriter target)
    {
        string script = Resource("report.js");
        var context = new TemplateContext(view, Options);
        context.SetValue("Css", Resource("report.css"));
        context.SetValue("Script", script);
        context.SetValue("ScriptHash", Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script))));
        context.SetValue("Data", ReportJson.Of(view.ShownRows));
        await Template.Value.RenderAsync(target, Encoder, context).ConfigureAwait(false);
    }

    private static TemplateOptions CreateOptions()
    {
        var options = new TemplateOptions
        {
            CultureInfo = CultureInfo.InvariantCulture,
            TimeZone = TimeZoneInfo.Utc,
            // The templates are this assembly's own, and so are all types that they see.
            MemberAccessStrategy = new UnsafeMemberAccessStrategy(),
            FileProvider = new EmbeddedFileProvider(Own, Folder),
            MaxSteps = 0,
        };
        TemplateFilters.Register(options.Filters);
        return options;
    }

    // The line ends of a checkout do not matter, but the hash of the script does: HTML reads all of them as \n.
    private static string Resource(string name)
    {
        using Stream stream = Own.GetManifestResourceStream($"{Folder}.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
