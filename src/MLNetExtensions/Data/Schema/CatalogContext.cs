using System.Collections;
using System.Reflection;
using Microsoft.ML;

namespace MLNetExtensions.Data.Schema;

/// <summary>
/// Finds the <see cref="MLContext"/> that a catalog belongs to: its seed, log, temporary folder and GPU settings. ML.NET gives a catalog's
/// environment to its own assemblies only, so the environment is read by reflection, and the context is the listener that it reports
/// messages to.
/// </summary>
internal static class CatalogContext
{
    private const BindingFlags Inner = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly PropertyInfo? Environment = typeof(MLContext)
        .Assembly.GetType("Microsoft.ML.Data.IInternalCatalog")
        ?.GetProperty("Environment");

    /// <summary>The context of a catalog.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="NotSupportedException">This version of ML.NET keeps its contexts in another way.</exception>
    public static MLContext Of(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return
            Environment is not null
            && Environment.DeclaringType!.IsInstanceOfType(catalog)
            && Environment.GetValue(catalog) is { } environment
            && Listener(environment) is { } context
            ? context
            : throw new NotSupportedException(
                $"The MLContext of {catalog.GetType().Name} cannot be found: Microsoft.ML "
                    + $"{typeof(MLContext).Assembly.GetName().Version} keeps it in another way than version 5.0. Use Microsoft.ML 5.0."
            );
    }

    /// <summary>The context that an environment's messages go to: the target of a delegate that a dispatcher holds.</summary>
    private static MLContext? Listener(object environment)
    {
        for (Type? type = environment.GetType(); type is not null; type = type.BaseType)
            if (type.GetField("ListenerDict", Inner | BindingFlags.Public)?.GetValue(environment) is IDictionary dispatchers)
                return dispatchers
                    .Values.Cast<object>()
                    .SelectMany(dispatcher => dispatcher.GetType().GetFields(Inner).Select(field => field.GetValue(dispatcher)))
                    .OfType<Delegate>()
                    .SelectMany(action => action.GetInvocationList())
                    .Select(action => action.Target)
                    .OfType<MLContext>()
                    .FirstOrDefault();
        return null;
    }
}
