"""What to know of one's own sign-ins."""

from app.api.guide_words import SIGNED_IN, Guide, changing
from app.domain.vocabulary import Text

SIGN_INS = {
    "listSessions": Guide(Text("我的登录", "My sign-ins"), SIGNED_IN),
    "endSession": Guide(
        Text("结束一个登录", "End a sign-in"),
        SIGNED_IN,
        changing("那个令牌作废。限本人的登录。", "That token is no longer valid. Their own sign-ins only."),
    ),
    "endSessions": Guide(
        Text("退出所有登录", "End all sign-ins"),
        SIGNED_IN,
        changing("本人的令牌全部作废，可以留下当前这个。", "All of their tokens, or all others, are no longer valid."),
    ),
}
"""``operationId`` → what to know."""
