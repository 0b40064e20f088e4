using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using MLNetExtensions.Imaging;
using MLNetExtensions.Serving;
using WebAppSample.Images;

namespace WebAppSample.Security;

/// <summary>Answers what a client can mend with 4xx, and a full predictor with 503, each with a reason; all else stays 500 and is
/// logged.</summary>
internal sealed class ErrorAnswers(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        ProblemDetails? answer = exception switch
        {
            RejectedImageException error => Problem(error.Status, error.Title, error.Detail),
            InvalidImageException { IsTooLarge: true } error => Problem(413, "The image is too large.", error.Reason),
            InvalidImageException error => Problem(422, "The image cannot be decoded.", error.Reason),
            PredictorOverloadedException => Problem(503, "Too many requests at the same time.", "Try again after Retry-After."),
            BadHttpRequestException error => Problem(error.StatusCode, "The request cannot be read.", error.Message),
            // The client has gone; nobody reads the answer.
            OperationCanceledException when context.RequestAborted.IsCancellationRequested => Problem(499, "The request was canceled.", ""),
            _ => null,
        };
        if (answer is null)
            return false;
        if (exception is PredictorOverloadedException full)
            context.Response.Headers.RetryAfter = $"{Math.Ceiling(full.RetryAfter.TotalSeconds)}";
        context.Response.StatusCode = answer.Status!.Value;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = answer });
        return true;
    }

    private static ProblemDetails Problem(int status, string title, string detail) =>
        new()
        {
            Status = status,
            Title = title,
            Detail = detail,
        };
}
